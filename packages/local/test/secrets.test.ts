import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stackSecrets } from '../src/secrets.ts'
import { testDir, testSession } from './session.ts'

test('secrets are made once per directory, at random, for the owner only', async () => {
  const session = testSession()
  const [one, other] = [await testDir(session), await testDir(session)]
  const secrets = await stackSecrets(one)
  expect(secrets.hc).toMatch(/^whsec_.{32,}$/)
  expect(secrets.points.length).toBeGreaterThanOrEqual(32)
  expect(await stackSecrets(one)).toEqual(secrets)
  expect((await stackSecrets(other)).points).not.toBe(secrets.points)
  expect((await stat(join(one, 'secrets.json'))).mode & 0o777).toBe(0o600)
})
