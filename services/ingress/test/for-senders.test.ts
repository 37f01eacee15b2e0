import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import {
  KEEP_ALIVE_MS,
  MAX_BODY_BYTES,
  MAX_HEADER_BYTES,
  PUBLISH_TIMEOUT_MS,
  REQUEST_TIMEOUT_MS,
} from '../src/limits.ts'
import { testFolder } from './mounted.ts'
import { HC_SECRET, POINTS_SECRET } from './requests.ts'
import { runningApp } from './running-app.ts'

const page = readFileSync(new URL('../../../docs/for-senders.md', import.meta.url), 'utf8')

test('the commands that senders read of do what the page says', async () => {
  const keys: string[] = []
  const ingress = await runningApp(async (_topic, { key }) => keys.push(key), { now: Date.now })
  const folder = await testFolder()
  const url = (source: string) => `http://127.0.0.1:${ingress.port}/webhooks/${source}`
  await mkdir(join(folder, '.hookline'))
  const sources = {
    points: { url: url('points'), secret: POINTS_SECRET },
    hc: { url: url('hc'), secret: HC_SECRET },
  }
  await writeFile(join(folder, '.hookline', 'stack.json'), JSON.stringify({ sources }))

  const blocks = [...page.matchAll(/```sh\n([^]*?)```/g)].map(([, block = '']) => block)
  const { stdout } = await promisify(execFile)('bash', ['-e', '-c', blocks.join('echo\n')], { cwd: folder })
  await ingress.app.close()

  expect(blocks).toHaveLength(3)
  expect(stdout.match(/^HTTP\/1\.1 .*\d/gm)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 401'])
  expect(stdout.match(/^\{"status(Code)?".*/gm)).toEqual([
    '{"status":"accepted"}',
    '{"status":"accepted"}',
    expect.stringContaining('{"statusCode":401,"code":"unauthenticated"'),
  ])
  expect(stdout.match(/^x-request-id: [0-9a-f-]{36}/gm)).toHaveLength(3)
  // the last one is the copy of the request with the wrong secret
  expect(keys.slice(0, 2)).toEqual([keys[0], keys[0]])
})

test('the limits that senders read of are the ones that hold', () => {
  const seconds = (ms: number) => `${ms / 1_000} s`
  expect(page).toContain(`${MAX_BODY_BYTES.toLocaleString('en')} bytes`)
  expect(page).toContain(`${MAX_HEADER_BYTES / 1_024} KiB`)
  expect(page).toContain(`${seconds(REQUEST_TIMEOUT_MS)} for the\n  request to arrive`)
  expect(page).toContain(`may be closed after ${seconds(KEEP_ALIVE_MS)}`)
  // a second for everything but Kafka
  expect(page).toContain(`within ${seconds(PUBLISH_TIMEOUT_MS + 1_000)} of the whole request`)
})
