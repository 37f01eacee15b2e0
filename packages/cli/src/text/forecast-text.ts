import type { Forecast } from '@hookline/delivery'
import type { Tone } from '../answer.ts'
import { DEAD_REASONS } from './dead-reason.ts'

export const FORECASTS = {
  will_run: { word: 'will run', tone: 'good' },
  stale: { word: 'stale, will be skipped', tone: 'quiet' },
  blocked: { word: 'blocked by an earlier dead event', tone: 'bad' },
  waits: { word: 'waits for its order', tone: 'waiting' },
  dead_again: { word: 'would be dead again', tone: 'bad' },
  already_done: { word: 'already done', tone: 'quiet' },
} as const satisfies Record<Forecast['kind'], { word: string; tone: Tone }>

export const FORECAST_KINDS: readonly Forecast['kind'][] = [
  'will_run',
  'stale',
  'blocked',
  'waits',
  'dead_again',
  'already_done',
]

/** What a redrive does with one event, and why. */
export function forecastDetail(forecast: Forecast): string {
  switch (forecast.kind) {
    case 'will_run':
      return effectsOf(forecast)
    case 'stale':
      return `a newer event has done ${forecast.skips.join(', ')} already`
    case 'blocked':
      return `${forecast.by.event} (event id ${forecast.by.id}) is dead and comes first: choose it too`
    case 'waits':
      return 'what makes its order known has not come: it stays dead, unless with --without-prerequisite'
    case 'dead_again':
      return [
        `${forecast.reason}, ${DEAD_REASONS[forecast.reason]}`,
        ...(forecast.runs.length > 0 ? [`before that ${effectsOf(forecast)}`] : []),
      ].join('; ')
    case 'already_done':
      return HOW[forecast.how]
  }
}

function effectsOf({ runs, skips }: { runs: readonly string[]; skips: readonly string[] }): string {
  const skipped = skips.length === 0 ? '' : `; skips ${skips.join(', ')}, as a newer event has done it`
  return runs.length === 0 ? `nothing is left to do${skipped}` : `runs ${runs.join(', ')}${skipped}`
}

const HOW = {
  done: 'the inbox says that it is done: it only leaves the dead',
  stale: 'the inbox says that it was stale: it only leaves the dead',
  given_back: 'it is in the lane of its order',
  gone: 'neither its order nor the inbox knows it any more',
} as const
