import { refusalsOf } from '@hookline/contracts'
import type { SourceCatalogue } from '@hookline/contracts'
import { PROBLEMS } from '../problems.ts'
import type { Problem, ProblemCode } from '../problems.ts'

/** One answer to a webhook that says more than that it was accepted. */
export interface DescribedAnswer {
  readonly status: number
  readonly code: string
  readonly message: string
  /** Header fields that come with it, names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

/** Everything but `accepted` that a webhook of this source may be answered, by status. */
export function answersTo(source: SourceCatalogue): readonly DescribedAnswer[] {
  const refusals = refusalsOf(source).map(refusal => ({ ...refusal, headers: {} }))
  const quarantines = refusals.some(({ code }) => code === 'no_order_id')
  const problems = Object.entries<Problem>(PROBLEMS)
    .filter(([code]) => quarantines || code !== QUARANTINE_FULL)
    .map(([code, { statusCode: status, message, headers = {} }]) => ({ status, code, message, headers }))
  return [...refusals, ...problems].toSorted((one, other) => one.status - other.status)
}

/** In place of `no_order_id`, where there is no room. */
const QUARANTINE_FULL = 'quarantine_full' satisfies ProblemCode

/** What never came whole has nothing wrong with it. */
const CUT_OFF = new Set<string>(['request_timeout', 'client_gone'] satisfies readonly ProblemCode[])

/** Whether the sender should send it again, in a few words. */
export function sendAgain({ status, code, headers }: DescribedAnswer): string {
  const seconds = headers['retry-after']
  if (seconds !== undefined) return `after ${seconds} s`
  if (CUT_OFF.has(code)) return 'yes'
  if (status < 300) return 'no: it is stored'
  return code === 'unauthenticated' ? 'only with the right secret' : 'only changed'
}
