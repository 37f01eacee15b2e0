import type { Entry, Outcome } from '@hookline/delivery'
import type { Consumer, HandlerLog } from './define-consumer.ts'
import { effectKey } from './effect-key.ts'
import { EffectError } from './errors.ts'
import type { Lane } from './lane.ts'
import type { Observer } from './observer.ts'

/** One attempt of one effect. Never throws: what a handler throws is its outcome. */
export async function attempt(what: {
  lane: Lane
  entry: Entry
  effect: string
  consumer: Consumer
  observer: Observer
  log: HandlerLog
}): Promise<{ outcome: Outcome; note?: string }> {
  const { lane, entry, consumer, observer } = what
  const effect = consumer.effects.find(({ name }) => name === what.effect)
  const event = lane.events.get(entry.id)
  // while a newer version is rolled out, its effects come to instances that do not know them: one that does is near
  if (!effect) return { outcome: { kind: 'retry', message: `effect ${what.effect} is not declared here` } }
  if (!event) return { outcome: refused('the event is not in the inbox any more, or cannot be read') }
  const startedMs = performance.now()
  let result: { outcome: Outcome; note?: string }
  try {
    const done = await effect.handler(event, {
      effectKey: effectKey(consumer.name, effect, event),
      effect: effect.name,
      signal: lane.lease.signal,
      attempt: entry.tries + entry.lost_leases + 1,
      order: { last_webhook_at: lane.record.last_webhook_at, known: lane.record.known },
      log: what.log,
    })
    result = { outcome: { kind: 'done' }, ...(done?.note !== undefined && { note: done.note }) }
  } catch (error) {
    result = { outcome: outcomeOf(error) }
  }
  observer.effectTook(effect.name, performance.now() - startedMs)
  observer.count('effects', 1, { effect: effect.name, outcome: result.outcome.kind })
  if (result.note !== undefined) observer.count('notes', 1, { effect: effect.name, note: result.note })
  return result
}

/** What a thrown value says of the effect. Anything that is no `EffectError` may have been thrown after the work was done. */
function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof EffectError)) return { kind: 'unknown', message: nameAndPlace(error) }
  const { message, code, retryAfterMs, answer } = error
  const later = { message, ...(retryAfterMs !== undefined && { retryAfterMs }) }
  switch (code) {
    case 'permanent':
      return { kind: 'permanent', reason: 'permanent', message, ...(answer !== undefined && { answer }) }
    case 'retryable':
      return { kind: 'retry', ...later }
    case 'outage':
      return { kind: 'outage', ...later }
    case 'unknown':
      return { kind: 'unknown', ...later }
  }
}

function refused(message: string): Outcome {
  return { kind: 'permanent', reason: 'permanent', message }
}

/** Not the message: a parser's or a driver's own words may carry what the customer sent. */
function nameAndPlace(error: unknown): string {
  if (!(error instanceof Error)) return 'the handler threw something that is no Error'
  const stack: unknown = error.stack // no text where somebody replaced `Error.prepareStackTrace`
  const frame = typeof stack === 'string' ? stack.split('\n').find(line => line.trimStart().startsWith('at ')) : ''
  const place = frame?.match(/([^/\\(]+:\d+):\d+\)?$/)?.[1]
  return place === undefined ? error.name : `${error.name} at ${place}`
}
