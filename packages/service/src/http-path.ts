import { Permanent } from '@hookline/consumer'

/**
 * A path with its values encoded, each as one segment: httpPath`/orders/${id}/shipments/${part}`.
 * A value that would change the path (empty, `.` or `..`) is `Permanent`.
 */
export function httpPath(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: parts }, ...values.map(segment))
}

/**
 * Refuses a path that could be another one than it seems; `target` is how the target is called in the error.
 * @throws Permanent where it is not absolute, not encoded, or has a segment `.` or `..`
 */
export function checkPath(target: string, path: string): void {
  if (!/^\/[!-~]*$/.test(path) || /\/\.\.?(\/|$|\?)/.test(path)) {
    throw new Permanent(`${target}: the path is not absolute or not encoded`)
  }
}

function segment(value: string): string {
  if (value === '' || value === '.' || value === '..') throw new Permanent('a value in the path would change the path')
  return encodeURIComponent(value.toWellFormed())
}
