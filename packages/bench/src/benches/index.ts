import type { Bench } from '../bench.ts'
import { backlog } from './backlog.ts'
import { badInput } from './bad-input.ts'
import { consumer } from './consumer.ts'
import { endToEnd } from './end-to-end/end-to-end.ts'
import { history } from './history/history.ts'
import { idle } from './idle.ts'
import { ingress } from './ingress/ingress.ts'
import { overload } from './ingress/overload.ts'
import { rotation } from './rotation.ts'
import { scale } from './scale.ts'
import { skew } from './skew.ts'
import { wave } from './wave.ts'

/** What `bench` runs: ours beside its peers. */
export const benches: readonly Bench[] = [ingress, consumer, skew, overload, idle, backlog, history, endToEnd]

/** What holds or not, without a peer. */
export const byName: readonly Bench[] = [rotation, wave, badInput, scale]
