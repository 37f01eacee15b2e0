import { redriveItems } from '@hookline/inbox'
import type { Answer } from '../answer.ts'
import { askDatabase } from '../ask-database.ts'
import type { Config } from '../config.ts'
import { findRedrive } from '../redrive/find.ts'
import { redriveDocument } from '../redrive/story-document.ts'
import { redriveText } from '../text/redrive-text.ts'

/** One redrive with each of its events, as they stand now. */
export async function redriveShow(config: Config, id: string): Promise<Answer> {
  const { service, story } = await findRedrive(config, id)
  const items = await askDatabase(config, service, db => redriveItems(db, id))
  const document = redriveDocument(service, story, items)
  return { document, text: look => redriveText(document, look, { all: true }) }
}
