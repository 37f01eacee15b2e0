import type { RedriveItemStory, RedriveStory } from '@hookline/inbox'
import type { Look, Tone } from '../answer.ts'
import { resumeCommand } from '../redrive/go-on.ts'
import type { RedriveDocument } from '../redrive/story-document.ts'
import { clean } from './clean.ts'
import { DEAD_REASONS } from './dead-reason.ts'
import { FORECASTS, forecastDetail } from './forecast-text.ts'
import { paragraph } from './paragraph.ts'
import { progressText } from './redrive-progress.ts'
import { table } from './table.ts'
import { toTheSecond } from './time.ts'

const TONES: Readonly<Record<RedriveItemStory['state'], Tone>> = {
  planned: 'waiting',
  left: 'bad',
  given_back: 'busy',
  running: 'busy',
  retrying: 'waiting',
  waiting: 'waiting',
  done: 'good',
  stale: 'quiet',
  dead_again: 'bad',
  gone: 'bad',
}

/** Who, why and how far; then each event that has not ended well, with `all` each event. */
export function redriveText(document: RedriveDocument, look: Look, { all = false }: { all?: boolean } = {}): string {
  const items = document.items.filter(({ state }) => all || (state !== 'done' && state !== 'stale'))
  return [...redriveHead(document, look), ...itemLines(items, look)].join('\n')
}

/** `service`: where it is. */
export function redriveHead(story: RedriveStory & { service: string }, look: Look): readonly string[] {
  const { id, service, by, why, created_at, state, counts, runner, without_prerequisite } = story
  const sentences = [
    `${toTheSecond(created_at)} UTC by ${by}: ${why}`,
    `${progressText(counts)}; ${counts.left} left dead`,
    ...(without_prerequisite ? ['its orders count as known from then on'] : []),
    ...(runner === undefined ? [] : [`${runner} works on it`]),
    ...(state === 'interrupted' || state === 'paused' ? [`go on with: ${resumeCommand(id)}`] : []),
    ...(state === 'given_back' ? ['the service goes on by itself with what has not ended'] : []),
  ]
  const title = `Redrive ${look.paint('title', id)} of ${service}: ${state.replace('_', ' ')}`
  return [title, ...sentences.flatMap(text => paragraph(text, { ...look, indent: 2 }))]
}

function itemLines(items: RedriveDocument['items'], look: Look): readonly string[] {
  if (items.length === 0) return []
  const paint = (text: string) => {
    const state = Object.keys(TONES).find(one => one.replace('_', ' ') === text)
    return isState(state) ? look.paint(TONES[state], text) : text
  }
  const [titles, ...lines] = table(
    [{ title: 'EVENT' }, { title: 'STATE', paint }],
    items.map(({ event, state }) => [event, state.replace('_', ' ')]),
  )
  const told = items.flatMap((item, n) => [`  ${lines[n]}`, ...paragraph(detail(item), { ...look, indent: 6 })])
  return [`  ${titles}`, ...told]
}

function detail({ source, order_id, id, state, forecast, died_of, next_at }: RedriveDocument['items'][number]): string {
  return [
    `order ${clean(order_id)} (${source}), event id ${id}`,
    ...(state === 'left' ? [`${FORECASTS[forecast.kind].word}: ${forecastDetail(forecast)}`] : []),
    ...(died_of === undefined ? [] : [`${died_of}, ${DEAD_REASONS[died_of]}`]),
    ...(next_at === undefined ? [] : [`next attempt ${toTheSecond(next_at)} UTC`]),
  ].join('; ')
}

function isState(text: string | undefined): text is RedriveItemStory['state'] {
  return text !== undefined && Object.hasOwn(TONES, text)
}
