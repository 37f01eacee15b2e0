import { decodeRecord } from '@hookline/contracts'
import { expect, test } from 'vitest'
import { points } from './requests.ts'
import { runningApp } from './running-app.ts'

test('no sender can set what we say of its events', async () => {
  const stored: Buffer[] = []
  const ingress = await runningApp(async (_topic, { value }) => stored.push(value))
  const headers = {
    'x-hookline-secret-id': 'mine',
    'x-hookline-released-at': '2026-03-01T10:00:00.000Z',
    'X-Hookline-Anything': 'mine',
  }
  expect((await ingress.ask(points({ headers })))?.statusCode).toBe(200)
  await ingress.app.close()
  expect(stored.map(value => decodeRecord(value).headers)).toEqual([
    { 'content-type': 'application/json', 'x-request-id': expect.any(String), 'x-hookline-secret-id': 'env' },
  ])
})
