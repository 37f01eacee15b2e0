import { fileURLToPath } from 'node:url'

/** The repository's root directory. */
export const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url))
