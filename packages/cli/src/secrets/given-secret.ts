import { text } from 'node:stream/consumers'
import { Failure } from '../failure.ts'

/** A secret from stdin, which no shell remembers and no list of processes shows; without the line's end. */
export async function givenSecret(input: NodeJS.ReadableStream & { isTTY?: boolean } = process.stdin): Promise<string> {
  if (input.isTTY) throw new Failure('usage', 'A terminal would show the secret: pipe it in.')
  const given = (await text(input)).replace(/\r?\n$/, '')
  if (given === '') throw new Failure('usage', 'There was no secret on stdin.')
  return given
}
