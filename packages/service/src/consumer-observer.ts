import { DEAD_LETTER_REASONS, DEAD_REASONS } from '@hookline/consumer/loop'
import type { Consumer } from '@hookline/consumer'
import type { Counter, EventLine, Labels, Observer } from '@hookline/consumer/loop'
import type { Log } from './log.ts'
import type { LabelValues, Metrics } from './metrics.ts'

const OUTCOMES = ['done', 'retry', 'unknown', 'outage', 'permanent'] as const
const EFFECT_SECONDS = [0.001, 0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 120, 600]

/** What a consumer's loop does, as metrics and log lines. Names: `hookline_<counter>_total`. */
export function consumerObserver(consumer: Consumer, { metrics, log }: { metrics: Metrics; log: Log }): Observer {
  const effects = consumer.effects.map(({ name }) => name)
  const plain = (counter: Counter, help: string) => metrics.counter({ name: nameOf(counter), help, labels: {} })
  const countEffect = metrics.counter({
    name: nameOf('effects'),
    help: 'Effects attempted, by how they ended.',
    labels: { effect: effects, outcome: OUTCOMES },
  })
  const countLetter = metrics.counter({
    name: nameOf('dead_letters'),
    help: 'Records in the dead-letter topic.',
    labels: { reason: DEAD_LETTER_REASONS },
  })
  const countDead = metrics.counter({
    name: nameOf('entries_dead'),
    help: 'Events given up; they wait for a person.',
    labels: { reason: DEAD_REASONS },
  })
  const countNote = metrics.counter({
    name: nameOf('notes'),
    help: 'Effects that are done with something to say, such as no_recipient.',
    labels: { effect: effects, note: [...consumer.notes, 'other'] },
  })
  const took = metrics.histogram({
    name: 'hookline_effect_seconds',
    help: 'How long handlers took.',
    labels: { effect: effects },
    buckets: EFFECT_SECONDS,
  })
  const unlabelled: Partial<Record<Counter, (labels: LabelValues<Record<string, never>>, by: number) => void>> = {
    events_accepted: plain('events_accepted', 'Events new in the inbox.'),
    duplicates_dropped: plain('duplicates_dropped', 'Records of events that were in the inbox already.'),
    events_skipped: plain('events_skipped', 'Records of events that this service has no effect for.'),
    claim_conflicts: plain('claim_conflicts', 'Order records that somebody else wrote first.'),
    leases_lost: plain('leases_lost', 'Leases that could not be held.'),
    leases_taken_over: plain('leases_taken_over', 'Leases of others that ran out.'),
    retries: plain('retries', 'Events that wait for their next attempt.'),
    prerequisites_never_arrived: plain(
      'prerequisites_never_arrived',
      'Orders that run without the event they wait for.',
    ),
    swept: plain('swept', 'Open events that were in no order record: should be 0.'),
    store_failures: plain('store_failures', 'Operations that the database did not answer.'),
  }

  function count(counter: Counter, by: number, labels: Labels = {}): void {
    const effect = effects.find(name => name === labels.effect)
    const outcome = OUTCOMES.find(name => name === labels.outcome)
    const reason = labels.reason
    const letter = DEAD_LETTER_REASONS.find(name => name === reason)
    const dead = DEAD_REASONS.find(name => name === reason)
    if (counter === 'effects' && effect !== undefined && outcome) return countEffect({ effect, outcome }, by)
    if (counter === 'dead_letters' && letter) return countLetter({ reason: letter }, by)
    if (counter === 'entries_dead' && dead) return countDead({ reason: dead }, by)
    if (counter === 'notes' && effect !== undefined) {
      const note = consumer.notes.find(name => name === labels.note) ?? 'other'
      return countNote({ effect, note }, by)
    }
    unlabelled[counter]?.({}, by)
  }

  return {
    count,
    effectTook: (effect, ms) => took({ effect }, ms / 1_000),
    event(line: EventLine) {
      // done as usual is counted; at 5,000 events a second a line each would cost more than the events
      log[line.outcome === 'done' && line.tries === 1 && line.detail === undefined ? 'debug' : 'info'](line, 'event')
    },
    warn: (fields, message) => log.warn(fields, message),
  }
}

function nameOf(counter: Counter): string {
  return `hookline_${counter}_total`
}
