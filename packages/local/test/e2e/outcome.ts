import { type Effect, EFFECTS } from './life-cycles.ts'
import type { StreamedOrder } from './order-stream.ts'
import type { LedgerEntry, Ledgers } from './targets.ts'
import { TARGETS } from './targets.ts'
import type { Webhook } from './webhooks.ts'

/** An event that an effect is for. */
interface Due {
  readonly effect: Effect
  readonly webhook: Webhook
}

/**
 * What is wrong at the targets after all events of these orders were handled, in words; empty when nothing is: an effect
 * that is missing, done twice, done for an event that never was, out of order, not the newest in the end, or requested
 * while another of its order was worked on. A mail that came again under its Message-ID counts once: `repeats` tells.
 * `lateRequests`: processes were killed or stopped while they had requests open.
 */
export function wrongOutcomes(
  orders: readonly StreamedOrder[],
  ledgers: Ledgers,
  { lateRequests = false }: { lateRequests?: boolean } = {},
): string[] {
  const executed = Object.fromEntries(TARGETS.map(target => [target, byOrder(firstOfEachKey(target, ledgers[target]))]))
  return [
    ...doneTwice(ledgers),
    ...TARGETS.flatMap(target => overlaps(ledgers[target], lateRequests).map(what => `${target}: ${what}`)),
    ...orders.flatMap(order => wrongOf(order, target => executed[target]?.get(order.orderId) ?? [])),
  ]
}

/** Requests that were made more than once for one event, by key. */
export function repeats(entries: readonly LedgerEntry[]): readonly (readonly LedgerEntry[])[] {
  // not by the key alone: what happens once per order has one key for two events
  const same = Map.groupBy(entries, ({ key, version }) => `${key} ${version}`)
  return [...same.values()].filter(requests => requests.length > 1)
}

/** A target that honours keys hides a second execution only where the keys are equal: the event must be new as well. */
function doneTwice({ erp, wms }: Ledgers): string[] {
  const executions = [...erp, ...wms].filter(({ executed }) => executed)
  const events = executions.map(one => `${one.effect} of ${one.event} ${one.version} of ${one.order_id}`)
  const keys = executions.map(({ key }) => `key ${key}`)
  return [...duplicates(events), ...duplicates(keys)].map(what => `done twice: ${what}`)
}

function duplicates(values: readonly string[]): string[] {
  return [...Map.groupBy(values, value => value)].filter(([, same]) => same.length > 1).map(([value]) => value)
}

/**
 * Requests for one order that arrived before one before them was answered. `lateRequests`: a process that is gone, or
 * was stopped, may have left one behind. Its event is tried again before anything newer, under the same key: so only the
 * other effects of that very event may meet it.
 */
function overlaps(entries: readonly LedgerEntry[], lateRequests: boolean): string[] {
  return [...byOrder(entries).values()].flatMap(ofOrder => {
    const inTurn = ofOrder.toSorted((a, b) => a.arrived_at.localeCompare(b.arrived_at) || a.n - b.n)
    return inTurn.flatMap((entry, n) => {
      const { order_id, effect, event, version, arrived_at } = entry
      const isAllowed = (other: LedgerEntry) => lateRequests && other.version === version && other.effect !== effect
      const open = inTurn.slice(0, n).find(other => arrived_at < other.at && !isAllowed(other))
      return open ? [`${effect} of ${event} of ${order_id} overlaps ${open.effect} of ${open.event} before it`] : []
    })
  })
}

function wrongOf(order: StreamedOrder, executedAt: (target: Effect['target']) => readonly LedgerEntry[]): string[] {
  const due = order.webhooks.flatMap(webhook =>
    (EFFECTS[webhook.source][webhook.event] ?? []).map(effect => ({ effect, webhook })),
  )
  const wrong = TARGETS.flatMap(target => {
    const here = due.filter(({ effect }) => effect.target === target)
    const effects = Map.groupBy(here, ({ effect }) => effect.name)
    const strangers = executedAt(target).filter(
      entry => !here.some(one => one.effect.sends !== false && isOf(entry, one)),
    )
    return [
      ...strangers.map(entry => `${entry.effect} of ${entry.event} was not asked for`),
      ...[...effects].flatMap(([name, dues]) =>
        wrongEffect(
          dues,
          executedAt(target).filter(entry => entry.effect === name),
        ).map(what => `${target} ${name}: ${what}`),
      ),
    ]
  })
  return wrong.map(what => `${order.orderId}: ${what}`)
}

/** `dues`: the oldest first. `executed`: in the order in which the target did them. */
function wrongEffect(dues: readonly Due[], executed: readonly LedgerEntry[]): string[] {
  if (dues[0]?.effect.policy === 'every') return wrongFacts(dues, executed)
  const versions = executed.map(({ version }) => version)
  const wrong = versions.some((version, n) => n > 0 && version <= (versions[n - 1] ?? '')) ? ['out of order'] : []
  const newest = dues.at(-1)
  const last = executed.at(-1)
  if (newest === undefined || newest.effect.sends === false) return wrong
  if (last === undefined || !isOf(last, newest))
    wrong.push(`ends with ${last?.event} ${last?.version}, not ${newest.webhook.event} ${newest.webhook.atMs}`)
  return wrong
}

/** Each fact once; what happens once per order, by whichever event. */
function wrongFacts(dues: readonly Due[], executed: readonly LedgerEntry[]): string[] {
  const facts = Map.groupBy(dues, ({ effect, webhook }) => effect.once ?? `${webhook.event} ${webhook.atMs}`)
  return [...facts].flatMap(([fact, same]) => {
    const times = executed.filter(entry => same.some(due => isOf(entry, due))).length
    return times === 1 ? [] : [`${fact} ${times} times`]
  })
}

/** A version begins with the event's time in milliseconds. */
function isOf(entry: LedgerEntry, { effect, webhook }: Due): boolean {
  const time = String(webhook.atMs).padStart(13, '0')
  return entry.effect === effect.name && entry.event === webhook.event && entry.version.startsWith(time)
}

function byOrder(entries: readonly LedgerEntry[]): ReadonlyMap<string, LedgerEntry[]> {
  return Map.groupBy(entries, ({ order_id }) => order_id)
}

function firstOfEachKey(target: Effect['target'], entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const executed = entries.filter(entry => entry.executed)
  if (target !== 'mail') return executed
  return [...Map.groupBy(executed, ({ key }) => key).values()].flatMap(([first]) => (first ? [first] : []))
}
