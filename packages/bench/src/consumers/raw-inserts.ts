import { join } from 'node:path'
import { freePort, LOOPBACK } from '@hookline/local'
import { startProcess } from '../measured-process.ts'
import { mongodbOf, type Stage } from '../stage.ts'
import { openStore } from './store.ts'
import type { Subject } from './subject.ts'

/** Documents of an inbox, inserted 200 at a time and nothing else. */
export async function rawInserts(stage: Stage): Promise<Subject> {
  const name = 'insert-many'
  const port = await freePort()
  const ask = async (method: string, path: string) => {
    const answer = await fetch(`http://${LOOPBACK}:${port}${path}`, { method, signal: stage.session.signal })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${name} answers ${answer.status}: ${text}`)
    return true
  }
  const process = await startProcess(stage, {
    name,
    script: join(import.meta.dirname, '../peers/insert-many.ts'),
    ours: false,
    env: { NODE_ENV: 'production', MONGODB_URI: mongodbOf(stage), NAME: name, PORT: `${port}` },
    ready: () => ask('PUT', '/0'),
  })
  const store = openStore(stage, name)
  let all = 0
  return {
    name: 'insertMany of 200',
    process,
    async prepare(records) {
      all += records
      await ask('PUT', `/${records}`)
    },
    run: async () => void (await ask('POST', '/')),
    async check() {
      const stored = await store.stored()
      return stored === all ? [] : [`${name} has ${stored} documents instead of ${all}`]
    },
  }
}
