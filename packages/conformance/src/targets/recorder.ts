import type { SuiteOrder } from '../events/order.ts'
import { recognise } from './recognise.ts'
import { type Answer, type Ended, isSame, type RawRequest, type Script, type SeenRequest } from './request.ts'

/** What the targets have seen, and what they are to answer. */
export interface Recorder {
  /** From now on requests for this order are known; they are answered as the script says. */
  expect(order: SuiteOrder, script?: Script): void
  /** Writes a request down and says what to answer. Whoever serves it says how it ended. */
  begin(raw: RawRequest): { readonly answer: Answer; readonly end: (how: Ended) => void }
  /** All of them, or those of an order, in the order in which they came. */
  requests(order?: SuiteOrder): readonly SeenRequest[]
  open(): readonly SeenRequest[]
  /** Requests that do not say what they are for, one example for each shape. */
  unknown(): readonly string[]
  /** While it is true no target takes connections; they are counted. */
  down: boolean
  refused: number
}

const OK: Answer = { kind: 'ok' }

export function recorder(): Recorder {
  const orders = new Map<string, SuiteOrder>()
  const scripts = new Map<SuiteOrder, Script>()
  const seen: SeenRequest[] = []
  const byOrder = new Map<SuiteOrder, SeenRequest[]>()
  const unknown = new Set<string>()

  return {
    down: false,
    refused: 0,
    expect(order, script) {
      orders.set(order.id, order)
      byOrder.set(order, [])
      if (script) scripts.set(order, script)
    },
    begin(raw) {
      const what = recognise(raw, orders)
      if (what === undefined) {
        unknown.add(`${raw.target}: ${raw.shape}`)
        return { answer: OK, end: () => {} }
      }
      const { key, target, digest } = raw
      const request: SeenRequest = { n: seen.length + 1, target, ...what, key, digest, begunMs: performance.now() }
      const ofOrder = byOrder.get(what.order) ?? []
      const earlier = ofOrder.filter(other => isSame(other, request))
      seen.push(request)
      ofOrder.push(request)
      const end = (how: Ended) => {
        request.ended ??= { ...how, atMs: performance.now() }
      }
      return { answer: scripts.get(what.order)?.(request, earlier) ?? OK, end }
    },
    requests: order => (order === undefined ? seen : (byOrder.get(order) ?? [])),
    open: () => seen.filter(({ ended }) => ended === undefined),
    unknown: () => [...unknown],
  }
}
