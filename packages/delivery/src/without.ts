/** The value without these properties. */
export function without<T extends object, K extends keyof T>(
  value: T,
  ...keys: K[]
): Omit<T, K> & { [key in K]?: never } {
  const rest = { ...value }
  for (const key of keys) delete rest[key]
  return rest
}
