export {
  documentText,
  parseDocument,
  rotatingUntil,
  SECRET_ID,
  secretsOf,
  type SecretEntry,
  type SecretsDocument,
  type SourceEntries,
} from './document.ts'
export { fingerprint, FINGERPRINT } from './fingerprint.ts'
export { MAX_SECRETS, MAX_WINDOW_MS, setProblems } from './rules.ts'
export { standing, type Standing } from './secret.ts'
export { secretProblem } from '../secret-rules.ts'
export { declaredSources } from '../sources/declared-sources.ts'
