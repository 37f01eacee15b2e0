import type { CheckName } from './check-names.ts'

/** What was seen that must not be. */
export interface Finding {
  /** The order it was seen at; absent where it is about the whole service. */
  readonly order?: string
  readonly what: string
}

export type Verdict =
  | { readonly check: CheckName; readonly outcome: 'passed'; readonly note: string }
  | { readonly check: CheckName; readonly outcome: 'failed'; readonly findings: readonly Finding[] }
  | { readonly check: CheckName; readonly outcome: 'not applicable'; readonly why: string }

/** Takes what the phases find, and tells in the end what came of each check. */
export interface Findings {
  failed(check: CheckName, finding: Finding): void
  /** The check was done; `note` says in a few words with what. */
  done(check: CheckName, note: string): void
  notApplicable(check: CheckName, why: string): void
  verdicts(): readonly Verdict[]
}

export function findingsOf(checks: readonly CheckName[]): Findings {
  const failed = new Map<CheckName, Finding[]>()
  const notes = new Map<CheckName, string[]>()
  const reasons = new Map<CheckName, string>()
  return {
    failed(check, finding) {
      const found = failed.get(check) ?? []
      failed.set(check, found)
      if (!found.some(({ order, what }) => order === finding.order && what === finding.what)) found.push(finding)
    },
    done: (check, note) => void notes.set(check, [...(notes.get(check) ?? []), note]),
    notApplicable: (check, why) => void reasons.set(check, why),
    verdicts: () => checks.map(check => verdictOf(check)),
  }

  function verdictOf(check: CheckName): Verdict {
    const found = failed.get(check)
    if (found) return { check, outcome: 'failed', findings: found }
    const why = reasons.get(check)
    if (why !== undefined) return { check, outcome: 'not applicable', why }
    const note = notes.get(check)
    if (note) return { check, outcome: 'passed', note: note.join(', ') }
    // what was not looked at is not passed
    return { check, outcome: 'failed', findings: [{ what: 'not looked at: the run could not go on' }] }
  }
}
