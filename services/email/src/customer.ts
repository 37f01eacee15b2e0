import type { CatalogueEvent, HandlerContext } from '@hookline/consumer'
import { type Language, languageOf, languages } from './language.ts'
import { recipientOf } from './recipient.ts'

/** The effect that remembers the customer of an order: what it keeps are `email` and `language`. */
export const ADDRESS = 'address'

/** To whom a mail goes, and what they read; as the event says, else as the order's own events said. */
export interface Customer {
  readonly email: string | undefined
  readonly language: Language | undefined
}

/** Throws `Permanent` where the event names a recipient that is no text. */
export function customerOf(event: CatalogueEvent, { stateOf }: Pick<HandlerContext, 'stateOf'>): Customer {
  const { email, language } = stateOf(ADDRESS) ?? {}
  return {
    email: recipientOf(event) ?? (typeof email === 'string' ? email : undefined),
    language: languageOf(event) ?? languages.find(one => one === language),
  }
}
