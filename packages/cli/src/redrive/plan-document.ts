import { createHash } from 'node:crypto'
import type { Forecast } from '@hookline/delivery'
import { type NotDead, ofOrderKey, type PlannedEvent, type RedrivePlan } from '@hookline/inbox'

/** What a redrive would do in one service. Times are ISO-8601. */
export interface ServicePlan {
  /** Events that would be given back, and their orders. */
  events: number
  orders: number
  counts: Readonly<Record<Forecast['kind'], number>>
  /** The same as long as nothing of the plan changes: `redrive run --expect`. */
  digest: string
  /** What died first comes first. */
  dead: readonly PlannedDead[]
  /** Ids that were asked for and are not dead. */
  not_dead: readonly NotDead[]
  /** Dead `after_terminal` that were not taken, because nobody asked for them by reason or id. */
  after_terminal_left: number
  /** There are more than the limit. */
  more: boolean
}

export interface PlannedDead {
  source: string
  order_id: string
  id: string
  event: string
  version: string
  reason: PlannedEvent['reason']
  dead_at: string
  /** An attempt may have been executed: its target sees the same key once more. */
  unsure: boolean
  /** False: it stays dead. */
  gives_back: boolean
  forecast: Forecast
}

export function servicePlan({ events, not_dead, more, undecided }: RedrivePlan): ServicePlan {
  const going = events.filter(({ gives_back }) => gives_back)
  const count = (kind: Forecast['kind']) => events.filter(({ forecast }) => forecast.kind === kind).length
  return {
    events: going.length,
    orders: new Set(going.map(({ order }) => order)).size,
    counts: {
      will_run: count('will_run'),
      stale: count('stale'),
      blocked: count('blocked'),
      waits: count('waits'),
      dead_again: count('dead_again'),
      already_done: count('already_done'),
    },
    digest: digestOf(events),
    dead: events.map(plannedDead),
    not_dead,
    after_terminal_left: undecided,
    more,
  }
}

function plannedDead({ order, dead_at, ...same }: PlannedEvent): PlannedDead {
  return { ...ofOrderKey(order), ...same, dead_at: new Date(dead_at).toISOString() }
}

function digestOf(events: readonly PlannedEvent[]): string {
  const lines = events.map(({ id, dead_at, gives_back, forecast }) =>
    JSON.stringify([id, dead_at, gives_back, forecast]),
  )
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex').slice(0, 12)
}
