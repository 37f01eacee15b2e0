import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BreakingChange, breakingChanges } from '@hookline/contracts'
import { type Base, baseOf } from './base.ts'
import { DOCUMENT, eventsIn, type Generated } from './generated.ts'

/** What a look at the contract found. */
export interface Checked {
  /** Whether docs/asyncapi.yaml is what would be generated. */
  readonly written: boolean
  /** Absent: there is nothing to compare with. */
  readonly base?: Base
  readonly changes: readonly BreakingChange[]
  /** The first number of the version was raised: who changes the contract says that no reader of the old one is left. */
  readonly announced: boolean
}

/** Compares what the code says now with the file, and with a committed document, see `baseOf`. */
export async function check(repository: string, now: Generated, ref?: string): Promise<Checked> {
  const path = join(repository, DOCUMENT)
  const written = existsSync(path) && readFileSync(path, 'utf8') === now.text
  const base = await baseOf(repository, now.text, ref)
  if (!base) return { written, changes: [], announced: false }
  const { document: before } = base
  const changes = breakingChanges(before, now.document, now.handlers(eventsIn(before)))
  const announced = majorOf(now.document.info.version) > majorOf(before.info.version)
  return { written, base, changes, announced }
}

function majorOf(version: string): number {
  return Number(version.split('.')[0])
}
