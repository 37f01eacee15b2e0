import type { Answer } from '../answer.ts'
import { expired, standingOf } from './changes.ts'
import { changeSecrets, entriesOf } from './secrets-file.ts'

interface ExpireDocument {
  file: string
  source: string
  /** What is over now. */
  id: string
  /** The ids that are valid. */
  valid: readonly string[]
}

/** Ends one secret now. Refuses where no other one of its source is valid. */
export async function secretsExpire(options: {
  file: string
  source: string
  id: string
  now: number
}): Promise<Answer> {
  const { file, source, id, now } = options
  const document = await changeSecrets<ExpireDocument>(file, before => {
    const own = entriesOf(before, source)
    const secrets = expired(own.secrets, { source, id, now })
    const valid = secrets.filter(entry => standingOf(source, entry, now) === 'valid').map(entry => entry.id)
    return { document: { ...before, [source]: { ...own, secrets } }, told: { file, source, id, valid } }
  })
  return { document, text: () => `${id} of ${source} is over. Valid: ${document.valid.join(', ')}.` }
}
