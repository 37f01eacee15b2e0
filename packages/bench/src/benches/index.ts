import type { Bench } from '../bench.ts'
import { badInput } from './bad-input.ts'
import { rotation } from './rotation.ts'
import { wave } from './wave.ts'

export const benches: readonly Bench[] = [rotation, wave, badInput]
