import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { confirm } from '../src/confirm.ts'

/** A terminal at which somebody types this. */
function typing(text: string) {
  const input = Object.assign(new PassThrough(), { isTTY: true })
  const output = new PassThrough()
  input.end(text)
  return { yes: false, input, output }
}

it.each(['y\n', 'YES\n', ' yes \n'])('%j goes on', async answer => {
  const terminal = typing(answer)
  await confirm('Grow it?', terminal)
  expect(String(terminal.output.read())).toContain('Grow it? [y/N] ')
})

it.each(['\n', 'n\n', 'yesterday\n', ''])('%j changes nothing: exit code 1', async answer => {
  await expect(confirm('Grow it?', typing(answer))).rejects.toMatchObject({
    ending: 'no',
    message: 'Nothing was changed.',
  })
})

it('where there is no terminal --yes is asked for: exit code 2', async () => {
  const input = new PassThrough()
  await expect(confirm('Grow it?', { yes: false, input })).rejects.toMatchObject({
    ending: 'usage',
    message: expect.stringContaining('add --yes'),
  })
})

it('--yes asks nothing', async () => {
  const output = new PassThrough()
  await confirm('Grow it?', { yes: true, input: new PassThrough(), output })
  expect(output.read()).toBeNull()
})
