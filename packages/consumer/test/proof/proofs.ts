import type { Proof } from '../../../delivery/test/model/search.ts'

export type ProofName = 'model' | 'loop'

/** Imported when it is asked for: a worker edits its sources first. */
export async function proofOf(name: ProofName): Promise<Proof> {
  if (name === 'model') return (await import('../../../delivery/test/model/model.ts')).model
  return (await import('../random/loop.ts')).loop
}
