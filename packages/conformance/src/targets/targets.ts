import { variableName } from '@hookline/consumer/loop'
import type { DeclaredTarget } from '../declared.ts'
import { type Served, serveHttp } from './http.ts'
import { type Recorder, recorder } from './recorder.ts'
import { serveSmtp } from './smtp.ts'

/** The service's targets, served by the suite itself. */
export interface Targets {
  readonly recorder: Recorder
  /** What tells the service where they are. */
  readonly env: Readonly<Record<string, string>>
  /** No target takes a connection until `comeBack`. */
  goDown(): void
  comeBack(): void
  close(): Promise<void>
}

export async function serveTargets(declared: readonly DeclaredTarget[]): Promise<Targets> {
  const log = recorder()
  const served: Served[] = []
  const env: Record<string, string> = {}
  const close = async () => {
    await Promise.all(served.map(one => one.close()))
  }
  try {
    for (const { name, kind } of declared) {
      const one = await serverOf(kind)(name, log)
      served.push(one)
      env[variableName(name, 'URL')] = one.url
      if (kind === 'smtp') env[variableName(name, 'FROM')] = 'Conformance <orders@hookline.example>'
    }
  } catch (error) {
    await close()
    throw error
  }
  return {
    recorder: log,
    env,
    goDown() {
      log.down = true
      for (const one of served) one.hangUp()
    },
    comeBack() {
      log.down = false
    },
    close,
  }
}

function serverOf(kind: DeclaredTarget['kind']): (target: string, recorder: Recorder) => Promise<Served> {
  return kind === 'http' ? serveHttp : serveSmtp
}
