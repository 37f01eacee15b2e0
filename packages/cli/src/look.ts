import { styleText } from 'node:util'
import type { Look, Tone } from './answer.ts'

const STYLES = {
  good: 'green',
  quiet: 'dim',
  waiting: 'yellow',
  busy: 'cyan',
  bad: 'red',
  title: 'bold',
} as const satisfies Record<Tone, Parameters<typeof styleText>[0]>

/** Without colours where the stream is no terminal, or NO_COLOR says so. */
export function lookOf(stream: NodeJS.WriteStream): Look {
  const width = Math.min(Math.max(stream.columns ?? 80, 60), 120)
  return { width, paint: (tone, text) => styleText(STYLES[tone], text, { stream }) }
}
