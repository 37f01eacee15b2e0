/** What the clients of targets refuse before they send anything, for what stands in for them in a test. */
export { checkPath } from './http-path.ts'
export { checkMail } from './mail-check.ts'
