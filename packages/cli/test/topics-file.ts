import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A file of this text, removed when the test ends. */
export function fileOf(text: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'hookline-cli-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const file = join(dir, 'topics.yaml')
  writeFileSync(file, text)
  return file
}

export const HEAD = 'defaults: { replication_factor: 3 }\nprofiles: { local: { replication_factor: 1 } }\ntopics:\n'

export function topicLine(name: string, partitions: number, retentionMs: number, more = ''): string {
  return `  - { name: ${name}, partitions: ${partitions}, config: { retention.ms: ${retentionMs}${more} } }\n`
}
