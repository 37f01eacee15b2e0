import { expect } from 'vitest'
import type { StackInfo } from '../../src/stack-file.ts'
import { credentialOf, type Webhook } from './webhooks.ts'

/** How long Points waits for an answer; Headless Commerce waits longer. */
const SENDER_TIMEOUT_MS = 10_000

export interface Answer {
  readonly status: number
  readonly retryAfter: string | null
}

export interface PostOptions {
  /** How long the answer is waited for; then the post rejects. */
  readonly timeoutMs?: number
  /** Instead of the right secret or signature. */
  readonly credential?: string
}

/** Delivers a webhook once, as its sender does. */
export async function post(info: StackInfo, webhook: Webhook, options: PostOptions = {}): Promise<Answer> {
  const { timeoutMs = SENDER_TIMEOUT_MS, credential = credentialOf(webhook, info) } = options
  const proof =
    webhook.source === 'points'
      ? { 'x-webhook-secret': credential, 'x-webhook-event': webhook.event }
      : { 'x-webhook-signature': credential }
  const response = await fetch(info.sources[webhook.source].url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...proof },
    body: webhook.body,
    signal: AbortSignal.timeout(timeoutMs),
  })
  await response.arrayBuffer()
  return { status: response.status, retryAfter: response.headers.get('retry-after') }
}

/** Delivers webhooks one after another; each must be accepted. */
export async function deliver(info: StackInfo, ...webhooks: readonly Webhook[]): Promise<void> {
  for (const webhook of webhooks) {
    const { status } = await post(info, webhook)
    expect(status, `${webhook.source} ${webhook.event}`).toBe(200)
  }
}
