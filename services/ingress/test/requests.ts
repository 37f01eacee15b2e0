import { createHmac } from 'node:crypto'
import { recordHeader } from '../../../packages/local/test/recorded.ts'

export const POINTS_SECRET = 'pts-4f9a2c71d0e84b6f9c35ab'
export const HC_SECRET = 'whsec_0c6be2b7a5f14d3e8a97cd51'

export interface Request {
  readonly method?: string
  readonly path?: string
  /** Further header fields, or others in place of the usual ones; undefined leaves one out. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body?: string | Buffer
}

export function pointsBody(over: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    event: 'approved',
    order: { id: '5c8bd9ab-9a0d-4d3c-8d3e-6d3d1fb9a001', order_number: 'A-1', order_status: 'approved' },
    timestamp: '2026-03-01T10:00:00Z',
    ...over,
  })
}

export function hcBody(over: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    id: 'evt_1',
    type: 'order.created',
    created_at: '2026-03-01T10:00:00.000Z',
    data: { id: 'ord_1' },
    store_id: 'store_1',
    ...over,
  })
}

export function signatureOf(body: string | Buffer, secret = HC_SECRET): string {
  return createHmac('sha256', secret).update(body).digest('hex')
}

/** A request of Points as it should be, but for what `request` says. */
export function points(request: Request = {}): Buffer {
  const headers = { 'content-type': 'application/json', 'x-webhook-secret': POINTS_SECRET, ...request.headers }
  return bytesOf({ path: '/webhooks/points', body: pointsBody(), ...request, headers })
}

/** A request of Headless Commerce as it should be, but for what `request` says. */
export function hc(request: Request = {}): Buffer {
  const { body = hcBody() } = request
  const headers = { 'content-type': 'application/json', 'x-webhook-signature': signatureOf(body), ...request.headers }
  return bytesOf({ path: '/webhooks/hc', ...request, body, headers })
}

export function bytesOf({ method = 'POST', path = '/', headers = {}, body = '' }: Request): Buffer {
  const payload = Buffer.from(body)
  const fields = { host: 'hooks.example', 'content-length': `${payload.length}`, ...headers }
  const lines = Object.entries(fields).flatMap(([name, values]) =>
    (typeof values === 'string' ? [values] : (values ?? [])).map(value => {
      recordHeader(name, value)
      return `${name}: ${value}\r\n`
    }),
  )
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1'), payload])
}
