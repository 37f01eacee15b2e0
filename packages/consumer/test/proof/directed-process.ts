import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startVitest } from 'vitest/node'
import { type Edit, edited } from './mutant.ts'
import { ROOT } from './repository.ts'

// Runs one test on edited sources. Ends with 0: it passed, 1: it failed, 2: there is none.
const { test, edits }: { test: { file: string; title: string }; edits: readonly Edit[] } = JSON.parse(
  process.argv[2] ?? '',
)
const byPath = Map.groupBy(edits, edit => join(ROOT, edit.file))
const vitest = await startVitest(
  'test',
  [test.file],
  {
    config: false,
    root: ROOT,
    // it would keep what was edited
    fsModuleCache: false,
    // in this process: it ends with it
    pool: 'threads',
    watch: false,
    reporters: [],
    silent: true,
    testNamePattern: test.title.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`),
  },
  {
    resolve: { conditions: ['source'] },
    ssr: { resolve: { conditions: ['source'] } },
    plugins: [
      {
        name: 'mutant',
        enforce: 'pre',
        load: id => {
          const own = byPath.get(id)
          return own ? edited(readFileSync(id, 'utf8'), own) : undefined
        },
      },
    ],
  },
)
const results = vitest.state
  .getTestModules()
  .flatMap(module => [...module.children.allTests()].map(one => one.result().state))
const ran = results.filter(state => state !== 'skipped')
await vitest.close()
if (ran.length === 0) console.error(`there is no test ${test.title}`)
process.exit(ran.length === 0 ? 2 : ran.includes('failed') ? 1 : 0)
