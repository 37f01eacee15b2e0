import { join } from 'node:path'
import { freePort, LOOPBACK } from '@hookline/local'
import { type MeasuredProcess, startProcess } from '../measured-process.ts'
import type { Stage } from '../stage.ts'

type ReceiverPeer = 'verify-only' | 'send-per-request' | 'send-in-batches'

/** A receiver of webhooks that is not ours. */
export async function startReceiver(
  stage: Stage,
  peer: ReceiverPeer,
  env: Readonly<Record<string, string>>,
): Promise<MeasuredProcess & { readonly url: string }> {
  const port = await freePort()
  const url = `http://${LOOPBACK}:${port}`
  const receiver = await startProcess(stage, {
    name: peer,
    ours: false,
    script: join(import.meta.dirname, `${peer}.ts`),
    env: { NODE_ENV: 'production', KAFKA_BROKERS: stage.brokers, PORT: `${port}`, ...env },
    ready: () => fetch(`${url}/health`, { signal: AbortSignal.timeout(5_000) }),
  })
  return { ...receiver, url }
}
