import { startIngress } from '../../ingress.ts'
import type { MeasuredProcess } from '../../measured-process.ts'
import { startReceiver } from '../../peers/start-receiver.ts'
import type { Stage } from '../../stage.ts'

export const VARIANTS = ['verify-only', 'send-per-request', 'send-in-batches', 'ours'] as const
export type Variant = (typeof VARIANTS)[number]

/** For people. */
export const TOLD: Readonly<Record<Variant, string>> = {
  'verify-only': 'Fastify that verifies and does not publish',
  'send-per-request': 'Fastify + kafkajs, a send per request',
  'send-in-batches': 'Fastify + @platformatic/kafka, a fair coalescer',
  ours: 'Hookline ingress',
}

export const SECRET = { id: 'bench', secret: 'bench-points-secret-7d1f04c9e2' }

/** Ours or a peer's, with its port open. */
export type Receiver = MeasuredProcess & { readonly url: string }

export async function startVariant(stage: Stage, variant: Variant): Promise<Receiver> {
  const env = { POINTS_WEBHOOK_SECRET: SECRET.secret }
  return variant === 'ours' ? startIngress(stage, env) : startReceiver(stage, variant, env)
}
