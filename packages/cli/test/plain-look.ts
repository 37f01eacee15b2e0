import type { Look } from '../src/answer.ts'

/** A terminal of 80 columns without colours. */
export const PLAIN: Look = { width: 80, paint: (_, text) => text }
