import type { OrderEvent, SuiteOrder } from '../events/order.ts'
import { isDone, isSame, type SeenRequest } from '../targets/request.ts'
import { type Due, needed } from './expected.ts'

/** What was not asked for, or not until it was answered. */
export function lost(order: SuiteOrder, dues: readonly Due[], requests: readonly SeenRequest[]): string[] {
  return needed(order, dues).flatMap(due => {
    const made = requests.filter(request => isFor(request, due))
    if (made.some(isDone)) return []
    return [`${told(due)} ${made.length === 0 ? 'was never asked for' : 'was asked for and given up'}`]
  })
}

/** Whether what must have been asked for was. */
export function isComplete(order: SuiteOrder, dues: readonly Due[], requests: readonly SeenRequest[]): boolean {
  return lost(order, dues, requests).length === 0
}

/** What was asked for more often than `atMost` says. */
export function repeated(
  requests: readonly SeenRequest[],
  atMost: (request: SeenRequest) => number = () => 1,
): string[] {
  return sameOf(requests).flatMap(same => {
    const [first] = same
    if (first === undefined || same.length <= atMost(first)) return []
    const keys = new Set(same.map(({ key }) => key)).size
    return [`${told(first)} was asked for ${same.length} times${keys > 1 ? `, under ${keys} keys` : ''}`]
  })
}

/** Repeats that a target cannot tell from new requests. */
export function changed(requests: readonly SeenRequest[]): string[] {
  return sameOf(requests).flatMap(same => {
    const [first] = same
    if (first === undefined || same.length < 2) return []
    if (same.some(({ key }) => key === '')) return [`${told(first)} was asked for again without a key`]
    if (same.some(({ key }) => key !== first.key)) return [`${told(first)} was asked for again under another key`]
    if (same.some(({ digest }) => digest !== first.digest))
      return [`${told(first)} was asked for again with other bytes`]
    return []
  })
}

/** Snapshots that were asked for after a newer one of the same effect and part. */
export function backwards(requests: readonly SeenRequest[]): string[] {
  const floors = Map.groupBy(requests, ({ declared, effect }) => (declared ? declared.floor : effect))
  return [...floors].flatMap(([floor, ofFloor]) => {
    if (floor === undefined) return []
    return ofFloor.flatMap((request, n) => {
      const newer = ofFloor.slice(0, n).find(({ event }) => event.event.version > request.event.event.version)
      return newer ? [`${told(request)} was asked for after the newer ${newer.event.event.event}`] : []
    })
  })
}

/** What a target executes that honours keys: what it did not refuse, and of one key only the first. */
export function executed(requests: readonly SeenRequest[]): readonly SeenRequest[] {
  const keys = new Set<string>()
  return requests.filter(({ ended, key }) => {
    if ((ended?.kind === 'answered' && ended.status >= 300) || (key !== '' && keys.has(key))) return false
    keys.add(key)
    return true
  })
}

/** Requests for different events under one key: a target that honours keys would drop the second one. */
export function sharedKeys(requests: readonly SeenRequest[]): string[] {
  const keys = Map.groupBy(
    requests.filter(({ key }) => key !== ''),
    ({ key }) => key,
  )
  return [...keys.values()].flatMap(same => {
    const [first] = same
    const other = same.find(
      request =>
        first !== undefined &&
        !isSame(request, first) &&
        (request.declared?.once === undefined || request.declared.once !== first.declared?.once),
    )
    return first && other ? [`${told(first)} and ${told(other)} were asked for under one key`] : []
  })
}

/** Requests of one order that were open at the same time. */
export function overlapping(requests: readonly SeenRequest[]): string[] {
  return requests.flatMap((request, n) => {
    const open = requests.slice(0, n).find(({ ended }) => ended === undefined || ended.atMs > request.begunMs)
    return open ? [`${told(request)} was asked for while ${told(open)} was open`] : []
  })
}

export function told({ event, effect }: { event: OrderEvent; effect: string }): string {
  return `${effect} of ${event.event.event}`
}

function isFor(request: SeenRequest, { event, effect }: Due): boolean {
  return request.event === event && request.effect === effect
}

function sameOf(requests: readonly SeenRequest[]): readonly (readonly SeenRequest[])[] {
  return [...Map.groupBy(requests, ({ event, effect }) => `${event.n} ${effect}`).values()]
}
