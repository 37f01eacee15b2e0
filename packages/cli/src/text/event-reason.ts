import type { DeadReason } from '@hookline/delivery'
import type { OrderEvent } from '../order-document.ts'
import { DEAD_REASONS } from './dead-reason.ts'
import { toTheSecond, when } from './time.ts'

/** Why an event is in its state and what comes next, for people; undefined where the state says it all. */
export function eventReason(event: OrderEvent, now: string): string | undefined {
  const parts = [...why(event), ...whatNext(event, now), ...redrive(event)]
  return parts.length === 0 ? undefined : parts.join('; ')
}

function why(event: OrderEvent): readonly string[] {
  const { state, reason, last_error } = event
  if (reason === null) return []
  if (state !== 'dead') return [reason]
  const meaning = isDeadReason(reason) ? `${reason}, ${DEAD_REASONS[reason]}` : reason
  return [last_error === null ? meaning : `${meaning} (${last_error})`]
}

function redrive({ redriven }: OrderEvent): readonly string[] {
  return redriven === null ? [] : [`redriven ${toTheSecond(redriven.at)} UTC by ${redriven.by}: ${redriven.why}`]
}

function whatNext(event: OrderEvent, now: string): readonly string[] {
  const { state, next_at, tries, unsure } = event
  const someDone = event.effects_to_do.length > 0 && event.effects_to_do.length < event.effects.length
  const left = someDone ? [`still to do: ${event.effects_to_do.join(', ')}`] : []
  const tried = tries === 0 ? [] : [`${tries} ${tries === 1 ? 'try' : 'tries'} so far`]
  const doubt = unsure ? ['an attempt may have been executed all the same'] : []
  switch (state) {
    case 'done':
    case 'stale':
      return []
    case 'running':
      return [...left, ...tried]
    case 'parked':
      return next_at === null ? [] : [`at the latest until ${when(next_at, now)}`]
    case 'retrying':
      return [...(next_at === null ? [] : [`next attempt ${when(next_at, now)}`]), ...left, ...tried, ...doubt]
    case 'dead':
      return [...left, ...doubt, 'waits for a person']
  }
}

function isDeadReason(reason: string): reason is DeadReason {
  return Object.hasOwn(DEAD_REASONS, reason)
}
