import { traceOf } from '../../../delivery/test/model/search.ts'
import type { Asked } from './main.ts'
import { proofOf } from './proofs.ts'

/** One schedule, told line by line. */
export async function showTrace({ loop, seed, variant }: Asked): Promise<void> {
  const trace = await traceOf(await proofOf(loop ? 'loop' : 'model'), seed, variant)
  process.stdout.write(`${trace.join('\n')}\n`)
}
