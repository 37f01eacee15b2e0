import { recordCredential } from '../src/leaks/record-requests.ts'
import { secretsIn } from '../src/leaks/secret-variables.ts'
import { ourTestRecord } from '../src/leaks/test-record.ts'

/*
 * For tests that do in their own process what other tests start a process for: nobody else can tell the run's record
 * of it.
 */

const record = ourTestRecord()

/** The values of variables that are set in no environment. */
export function recordVariables(values: Readonly<Record<string, string | undefined>>): void {
  for (const { label, value } of secretsIn(Object.entries(values).map(([name, text = '']) => [name, text]))) {
    record?.secret(label, value)
  }
}

/** A header field that is sent over a socket of the test's own. */
export function recordHeader(name: string, value: string): void {
  if (record !== undefined) recordCredential(record, name, value)
}

/** A place for the log of what runs in the test's process. */
export function recordedOutput(name: string): (line: string) => void {
  return record?.output(name) ?? (() => {})
}
