import type { Edit, Mutant, Noticed } from '../mutant.ts'

const DELIVERY = 'packages/delivery/src'
const MODEL = 'packages/delivery/test/model'
const CONSUMER = 'packages/consumer/src'
const TESTKIT = 'packages/testkit/src'

type Change = (text: string, replacement: string) => Edit

const changeOf =
  (folder: string) =>
  (file: string): Change =>
  (text, replacement) => ({ file: `${folder}/${file}`, text, replacement })

/** A file of `packages/delivery`. */
export const inDelivery = changeOf(DELIVERY)
/** A file of the model's own steps. */
export const inModel = changeOf(MODEL)
/** A file of `packages/consumer`. */
export const inConsumer = changeOf(CONSUMER)
/** A file of the ports in memory. */
export const inTestkit = changeOf(TESTKIT)

export function mutant(guard: string, edits: Edit | readonly Edit[], by: Noticed): Mutant {
  return { guard, edits: [edits].flat(), by }
}

/** A schedule of the model notices. */
export function byModel(seed?: number): Noticed {
  return { kind: 'model', ...(seed !== undefined && { seed }) }
}

/** A schedule of the real loop notices. */
export function byLoop(seed?: number): Noticed {
  return { kind: 'loop', ...(seed !== undefined && { seed }) }
}

/** Only this test notices. `file`: from `packages` on. */
export function byTest(file: string, title: string): Noticed {
  return { kind: 'test', file: `packages/${file}`, title }
}
