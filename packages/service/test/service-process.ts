import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface LogLine {
  level: string
  msg: string
  [field: string]: unknown
}

/** A real process that runs one of the services of `fixtures/`. */
export function startFixture(fixture: string, env: Record<string, string> = {}) {
  return startService(new URL(`fixtures/${fixture}.ts`, import.meta.url), env)
}

/** A real process that runs a service's main file. */
export function startService(main: URL, env: Record<string, string>) {
  const file = fileURLToPath(main)
  const child = spawn(process.execPath, ['--conditions=source', file], {
    env: { KAFKA_BROKERS: 'none:1', HOOKLINE_ENV: 'development', ADMIN_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // also where a test failed before it ended the process
  process.once('exit', () => child.kill('SIGKILL'))
  const lines: LogLine[] = []
  const waiting = new Set<() => void>()
  createInterface({ input: child.stdout }).on('line', line => {
    const parsed: LogLine = JSON.parse(line)
    lines.push(parsed)
    for (const look of waiting) look()
  })
  let errors = ''
  child.stderr.on('data', chunk => (errors += String(chunk)))

  const ended = new Promise<{ code: number | null; lines: readonly LogLine[]; errors: string }>(resolve =>
    child.once('close', code => resolve({ code, lines, errors })),
  )

  async function line(msg: string): Promise<LogLine> {
    const seen = new Promise<LogLine>(resolve => {
      const look = () => {
        const found = lines.find(one => one.msg === msg)
        if (found) resolve(found)
      }
      waiting.add(look)
      look()
    })
    const early = ended.then(({ code }) => {
      throw new Error(`ended with ${code} before it logged ${msg}: ${JSON.stringify(lines)} ${errors}`)
    })
    return Promise.race([seen, early])
  }

  return { child, line, ended, lines }
}
