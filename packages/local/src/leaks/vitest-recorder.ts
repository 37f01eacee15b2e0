import { recordProcesses } from './record-processes.ts'
import { recordRequests } from './record-requests.ts'
import { ourTestRecord } from './test-record.ts'

/** Vitest's setup of each test file: where the run keeps a record, what the tests start and send is put into it. */
const record = ourTestRecord()
if (record !== undefined) {
  recordProcesses(record)
  recordRequests(record)
}
