import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type LocalEnvironment, localEnvironment } from '../src/environment.ts'
import { startReaper } from '../src/reaper.ts'
import type { Session } from '../src/session.ts'

/** A session for one test; its reaper ends with the test. */
export function testSession(environment: Partial<LocalEnvironment> = {}): Session & { readonly lines: string[] } {
  const reaper = startReaper()
  onTestFinished(() => reaper.close())
  const lines: string[] = []
  return {
    environment: { ...localEnvironment(), ...environment },
    reaper,
    signal: new AbortController().signal,
    progress: line => lines.push(line),
    lines,
  }
}

/** An empty directory, removed with the session. */
export async function testDir(session: Session): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'hookline-local-'))
  session.reaper.removeAtEnd(dir)
  return dir
}
