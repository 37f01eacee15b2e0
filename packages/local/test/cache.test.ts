import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cached } from '../src/cache.ts'
import { testDir, testSession } from './session.ts'

test('a download that breaks leaves nothing, and the next attempt begins afresh', async () => {
  const root = await testDir(testSession())
  const broken = cached(join(root, 'jars'), async dir => {
    await writeFile(join(dir, 'half'), '')
    throw new Error('the line is cut')
  })
  await expect(broken).rejects.toThrow('the line is cut')
  expect(await readdir(root)).toEqual([])
  const dir = await cached(join(root, 'jars'), partial => writeFile(join(partial, 'whole'), ''))
  expect(await readdir(dir)).toEqual(['whole'])
})

test('two that fill at once both get one whole result, and a third fills nothing', async () => {
  const root = await testDir(testSession())
  const fill = (text: string) => cached(join(root, 'jars'), partial => writeFile(join(partial, 'file'), text))
  const [a, b] = await Promise.all([fill('a'), fill('b')])
  const before = await readFile(join(a, 'file'), 'utf8')
  expect(b).toBe(a)
  await fill('c')
  expect(await readFile(join(a, 'file'), 'utf8')).toBe(before)
  expect(await readdir(root)).toEqual(['jars'])
})
