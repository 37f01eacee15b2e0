export function ms(value: number): string {
  return `${value.toFixed(1)} ms`
}

export function mib(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`
}

export function count(value: number): string {
  return value.toLocaleString('en-US')
}

export function counts(values: Readonly<Record<string, number>>): string {
  const parts = Object.entries(values).map(([name, value]) => `${name}: ${count(value)}`)
  return parts.length === 0 ? 'none' : parts.join(', ')
}

export function us(value: number): string {
  return `${value.toFixed(1)} µs`
}
