/** The events of an order, as Points sends them one after another. */
const STEPS = ['authorized', 'captured', 'approved', 'completed'] as const
export const WEBHOOKS_OF_ORDER = STEPS.length

/** More than any of them has bytes. */
export const WEBHOOK_ROOM_BYTES = 4_096

const DIGITS = 9
const MINUTE_MS = 60_000

export interface WebhooksOptions {
  /** With its port. */
  readonly host: string
  /** The first part of the order ids. */
  readonly orders: string
  readonly secret: string
}

/** Whole HTTP requests with webhooks of about 600 bytes, made once but for the number of their order. */
export interface Webhooks {
  /** Writes one into `target`, and returns its bytes. `step`: of its order. */
  readonly write: (target: Buffer, order: number, step: number) => Buffer
}

export function webhooks({ host, orders, secret }: WebhooksOptions): Webhooks {
  // of today: what is older than a service remembers is not handled
  const bornMs = Date.now() - STEPS.length * MINUTE_MS
  const templates = STEPS.map((event, step) => {
    const before = `{"event":"${event}","order":{"id":"${orders}-`
    const after = afterId(event, bornMs, step)
    const length = Buffer.byteLength(before) + DIGITS + Buffer.byteLength(after)
    const head = [
      'POST /webhooks/points HTTP/1.1',
      `host: ${host}`,
      'content-type: application/json',
      `x-webhook-secret: ${secret}`,
      `content-length: ${length}`,
    ]
    const start = `${head.join('\r\n')}\r\n\r\n${before}`
    return { bytes: Buffer.from(`${start}${'0'.repeat(DIGITS)}${after}`), digitsAt: Buffer.byteLength(start) }
  })
  return {
    write(target, order, step) {
      const template = templates[step]
      if (template === undefined) throw new RangeError(`an order has no webhook ${step}`)
      const { bytes, digitsAt } = template
      bytes.copy(target)
      for (let at = digitsAt + DIGITS - 1, left = order; left > 0; at--, left = Math.floor(left / 10)) {
        target[at] = 48 + (left % 10)
      }
      return target.subarray(0, bytes.length)
    },
  }
}

/** Which one of a load's webhooks a record has; undefined: none of them. */
export function webhookIn(value: Buffer): Found | undefined {
  const found = FROM_BODY.exec(value.toString('latin1'))
  const { event = '', orders, order } = found?.groups ?? {}
  const step = STEPS.findIndex(one => one === event)
  if (orders === undefined || step === -1) return undefined
  return { orders, order: Number(order), step }
}

interface Found {
  readonly orders: string
  readonly order: number
  readonly step: number
}

const FROM_BODY = /"event":"(?<event>[a-z]+)","order":\{"id":"(?<orders>[^"]+)-(?<order>\d{9})"/

function afterId(event: string, bornMs: number, step: number): string {
  const at = secondOf(bornMs + step * MINUTE_MS)
  const rest = JSON.stringify({
    reference_number: 'REF-20260301-000001',
    order_number: 'SO-1000001',
    type: 'earning',
    total_price: 1249.5,
    total_points: 1249,
    payment_status: 'fully_paid',
    order_status: event === 'completed' ? 'approved' : event,
    metadata: { channel: 'web', note: 'ن'.repeat(60) },
    created_at: secondOf(bornMs),
    updated_at: at,
  })
  return `",${rest.slice(1)},"timestamp":"${at}"}`
}

function secondOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}
