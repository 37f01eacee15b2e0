import type { HandledEvent } from '@hookline/consumer'
import { parseHcBody, parsePointsBody } from '@hookline/contracts'

export const languages = ['en', 'ar'] as const

export type Language = (typeof languages)[number]

/** The language that the event names for its customer (`ar`, `ar-SA`, `en_GB`), undefined where it names none of ours. */
export function languageOf(event: HandledEvent): Language | undefined {
  const named = event.source === 'points' ? pointsLocales(event) : hcLocales(event)
  const first = named.find(locale => typeof locale === 'string')
  return languages.find(language => String(first).toLowerCase().split(/[-_]/)[0] === language)
}

function pointsLocales(event: HandledEvent): readonly unknown[] {
  const { metadata } = parsePointsBody(event).order
  return [metadata?.language, metadata?.locale]
}

function hcLocales(event: HandledEvent): readonly unknown[] {
  const { data } = parseHcBody(event)
  return [data.customer?.language, data.customer?.locale, data.language, data.locale]
}
