/** Milliseconds since 1970 of a text that names exactly one instant, not before 2000; otherwise undefined. */
export function parseTime(_text: unknown): number | undefined {
  throw new Error('not written yet')
}
