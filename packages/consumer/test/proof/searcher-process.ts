import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import type { Range } from '../../../delivery/test/model/search.ts'
import { edited } from './mutant.ts'
import { ROOT } from './repository.ts'
import type { Task } from './searcher.ts'

// Runs schedules of the model or the loop as they are asked for, on sources in which a guard was taken out.
const { proof: kind, edits } = JSON.parse(process.argv[2] ?? '') as Task
const byUrl = Map.groupBy(edits, ({ file }) => pathToFileURL(ROOT + file).href)
registerHooks({
  load(url, context, nextLoad) {
    const own = byUrl.get(url)
    const loaded = nextLoad(url, context)
    return own ? { ...loaded, source: edited(readFileSync(new URL(url), 'utf8'), own) } : loaded
  },
})

// only now: what they import is what was edited
const { search } = await import('../../../delivery/test/model/search.ts')
const { proofOf } = await import('./proofs.ts')
const proof = await proofOf(kind)

async function answer(range: Range): Promise<void> {
  process.send?.(await search(proof, range))
}

process.on('message', (range: Range) => void answer(range))
// whoever asked is gone
process.once('disconnect', () => process.exit())
