import { Permanent } from '@hookline/consumer'

/**
 * A path with its values encoded, each as one segment: httpPath`/orders/${id}/shipments/${part}`.
 * A value that would change the path (empty, `.` or `..`) is `Permanent`.
 */
export function httpPath(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: parts }, ...values.map(segment))
}

function segment(value: string): string {
  if (value === '' || value === '.' || value === '..') throw new Permanent('a value in the path would change the path')
  return encodeURIComponent(value.toWellFormed())
}
