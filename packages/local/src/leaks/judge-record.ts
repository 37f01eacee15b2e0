import type { RecordScan } from './scan-record.ts'

/** What the search of a run's record comes to: one more test of the run, or none where there was nothing to search. */
export type RecordVerdict =
  | { readonly kind: 'clean'; readonly sentence: string }
  | { readonly kind: 'failed'; readonly sentence: string }
  | { readonly kind: 'none' }

const SHOWN_LEAKS = 20

/**
 * `whole`: all tests ran. Those use secrets and start processes, so a record without any is a fault of the recording.
 */
export function judgeRecord({ leaks, outputs, bytes, secrets }: RecordScan, whole: boolean): RecordVerdict {
  const searched = `${outputs} outputs, ${bytes} bytes, searched for ${secrets} secrets and for signatures and addresses`
  if (leaks.length > 0) {
    const shown = leaks.slice(0, SHOWN_LEAKS).map(leak => `  ${leak}`)
    const more = leaks.length > shown.length ? [`  and ${leaks.length - shown.length} more`] : []
    return {
      kind: 'failed',
      sentence: [`What the tests have written shows what must not be seen (${searched}):`, ...shown, ...more].join(
        '\n',
      ),
    }
  }
  if (outputs > 0 && secrets > 0) {
    return { kind: 'clean', sentence: `What the tests have written shows nothing that must not be seen: ${searched}.` }
  }
  if (!whole) return { kind: 'none' }
  return {
    kind: 'failed',
    sentence: `The record of the run is empty (${outputs} outputs, ${secrets} secrets): nothing was proven.`,
  }
}
