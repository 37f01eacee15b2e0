import type { CatalogueEvent } from '@hookline/consumer'

export const languages = ['en', 'ar'] as const

export type Language = (typeof languages)[number]

/** The language that the event names for its customer (`ar`, `ar-SA`, `en_GB`), undefined where it names none of ours. */
export function languageOf(event: CatalogueEvent): Language | undefined {
  const named = localesOf(event)
  const first = named.find(locale => typeof locale === 'string')
  return languages.find(language => String(first).toLowerCase().split(/[-_]/)[0] === language)
}

function localesOf(event: CatalogueEvent): readonly unknown[] {
  if (event.source === 'points') return [event.order.metadata?.language, event.order.metadata?.locale]
  const { customer, language, locale } = event.subject
  return [customer?.language, customer?.locale, language, locale]
}
