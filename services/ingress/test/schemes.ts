import type { Secret } from '../src/secrets/secret.ts'
import { unlimited } from '../src/secrets/secret.ts'
import { hmacSignature } from '../src/verifiers/hmac-signature.ts'
import { sharedSecret } from '../src/verifiers/shared-secret.ts'
import { standardWebhooks } from '../src/verifiers/standard-webhooks.ts'
import { Webhook } from 'standardwebhooks'
import { signatureOf } from './requests.ts'
import { NOW } from './running-app.ts'

export const TOLERANCE_MS = 300_000

export const POINTS_HEADER = 'x-webhook-secret'
export const HC_HEADER = 'x-webhook-signature'
const MESSAGE_ID = 'msg_1'

/** A secret that every scheme takes. */
export function secretOf(seed: number): string {
  return `whsec_${Buffer.alloc(32, `secret ${seed} `).toString('base64')}`
}

export function secretsOf(...seeds: readonly number[]): readonly Secret[] {
  return seeds.map(seed => unlimited(`id-${seed}`, secretOf(seed), `secret ${seed}`))
}

export interface Stamp {
  readonly id?: string
  /** Milliseconds since 1970. */
  readonly sentAt?: number
}

/** What a sender of Standard Webhooks puts into its headers, one signature for each secret. */
export function standardHeaders(body: Buffer, secrets: readonly string[], stamp: Stamp = {}): readonly string[] {
  const { id = MESSAGE_ID, sentAt = NOW } = stamp
  const signatures = secrets.map(secret => new Webhook(secret).sign(id, new Date(sentAt), body))
  const seconds = `${Math.floor(sentAt / 1_000)}`
  return ['webhook-id', id, 'webhook-timestamp', seconds, 'webhook-signature', signatures.join(' ')]
}

/** Every scheme, and how a sender with this secret makes a request of it. */
export const schemes = [
  {
    name: 'shared secret',
    scheme: sharedSecret({ header: POINTS_HEADER }),
    headersOf: (_body: Buffer, secret: string): readonly string[] => [POINTS_HEADER, secret],
    coversBody: false,
  },
  {
    name: 'HMAC signature',
    scheme: hmacSignature({ header: HC_HEADER }),
    headersOf: (body: Buffer, secret: string): readonly string[] => [HC_HEADER, signatureOf(body, secret)],
    coversBody: true,
  },
  {
    name: 'Standard Webhooks',
    scheme: standardWebhooks({ toleranceMs: TOLERANCE_MS }),
    headersOf: (body: Buffer, secret: string): readonly string[] => standardHeaders(body, [secret]),
    coversBody: true,
  },
] as const
