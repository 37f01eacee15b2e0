export { judgeAgain, type Judged, type JudgeAgainOptions } from './judge-again.ts'
export { judgingSources, type JudgingSource } from './judging-sources.ts'
export { type Kept, readRejected, type StoredRecord } from './read-record.ts'
export {
  type ReceivedRequest,
  rejectedRecord,
  type RejectedRecord,
  rejectedRequest,
  type RejectedRequest,
} from './record.ts'
export { releaseMark, type Release } from './release-mark.ts'
export { REJECTED_TOPIC } from '../limits.ts'
export { loadSecrets, type SecretsConfig } from '../secrets/load.ts'
export { declaredSources } from '../sources/declared-sources.ts'
export { sourceVariables, variablesOf, type SourceValues } from '../sources/variables.ts'
export type { Failure } from '../verifiers/verifier.ts'
