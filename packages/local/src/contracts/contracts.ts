import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Checked, check } from './check.ts'
import { DOCUMENT, type Generated, WRITE_COMMAND } from './generated.ts'
import { told } from './told.ts'

export interface Asked {
  readonly write?: true
  /** A git ref. */
  readonly base?: string
}

/** What `contracts` answers. */
export interface Answer {
  /** Nothing breaks, and the file is what the code says. */
  readonly good: boolean
  readonly document: object
  readonly lines: readonly string[]
}

/** Checks the contract, and writes it where that is asked for and no reader breaks. Throws where `baseOf` does. */
export async function contracts(repository: string, now: Generated, { write, base }: Asked): Promise<Answer> {
  const checked = await check(repository, now, base)
  const breaks = checked.changes.length > 0 && !checked.announced
  const writes = write === true && !breaks
  if (writes) writeFileSync(join(repository, DOCUMENT), now.text)
  const outcome = { ...checked, written: checked.written || writes }
  return {
    good: !breaks && outcome.written,
    document: documentOf(outcome),
    lines: linesOf(outcome, now.document.info.version),
  }
}

function documentOf({ base, changes, announced, written }: Checked): object {
  return { document: DOCUMENT, written, base: base?.commit ?? null, announced, breaking_changes: changes }
}

function linesOf({ base, changes, announced, written }: Checked, version: string): readonly string[] {
  const file = written
    ? `${DOCUMENT} is what the code says.`
    : `${DOCUMENT} is not what the code says: ${WRITE_COMMAND}`
  if (!base) return [file, 'There is no earlier document in this clone to compare with.']
  if (changes.length === 0) return [file, `Nothing that a reader of ${base.commit} relies on has changed.`]
  const title = `Since ${base.commit} these changes break who reads the topics:`
  if (announced) return [title, ...told(changes), `They are announced by version ${version}.`, file]
  return [title, ...told(changes), 'Add a new event or a new optional field beside the old instead: docs/contracts.md.']
}
