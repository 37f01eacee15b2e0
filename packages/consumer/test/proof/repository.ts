import { fileURLToPath } from 'node:url'

/** Where the repository is, with a slash at the end. */
export const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
