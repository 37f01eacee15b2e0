import { BlockList } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { createLog, createMetrics } from '@hookline/service'
import { recordedOutput, recordVariables } from '../../../packages/local/test/recorded.ts'
import { createApp } from '../src/app.ts'
import type { AppOptions } from '../src/app.ts'
import { ingressMetrics } from '../src/ingress-metrics.ts'
import type { Publish } from '../src/publish.ts'
import { environmentSecrets } from '../src/secrets/environment.ts'
import { declaredSources } from '../src/sources/declared-sources.ts'
import { openSources } from '../src/sources/open-sources.ts'
import type { SourceDeclaration } from '../src/sources/source.ts'
import type { SourceValues } from '../src/sources/variables.ts'
import { watchWaves } from '../src/waves/watch.ts'
import type { Certificate } from '../src/tls/certificate.ts'
import { RawClient } from './raw-client.ts'
import type { RawAnswer } from './raw-client.ts'
import { HC_SECRET, POINTS_SECRET } from './requests.ts'

/** 1 March 2026, 10:00:01 UTC: a second after the events of `requests.ts`. */
export const NOW = Date.UTC(2026, 2, 1, 10, 0, 1)

const VALUES: SourceValues = {
  POINTS_WEBHOOK_SECRET: POINTS_SECRET,
  HC_WEBHOOK_SECRET: HC_SECRET,
  HC_STORE_ID: 'store_1',
}

/** Sources as they are opened with the environment's secrets. */
export function opened(values: SourceValues = VALUES, declared: readonly SourceDeclaration[] = declaredSources) {
  recordVariables(values)
  const secrets = environmentSecrets(values, declared)
  if (!secrets.ok) throw new Error(secrets.problems.join('; '))
  return openSources({ declared, secrets: secrets.value, values })
}

/** What the apps of a file listen with, and their clients connect with; undefined: plain HTTP. */
let transport: { readonly certificate: Certificate; readonly open: (port: number) => Socket } | undefined

/** For all apps and clients that the file begins from now on. */
export function useTransport(chosen: NonNullable<typeof transport>): void {
  transport = chosen
}

/** The ingress on a port of its own, with real sockets. */
export async function runningApp(publish: Publish, options: Partial<AppOptions> = {}) {
  const lines: string[] = []
  const recorded = recordedOutput('ingress-app')
  const destination = {
    write(line: string) {
      lines.push(line)
      recorded(line)
    },
  }
  const metrics = createMetrics()
  const sources = options.sources ?? opened()
  const ours = ingressMetrics(metrics, sources)
  // as the reloading of secrets does it at the start
  for (const { catalogue } of sources) ours.verified(catalogue.source, 'env', 0)
  const log = createLog({ service: 'ingress', level: 'debug', destination })
  const { now = () => NOW, secrets = () => new Map() } = options
  const names = sources.map(({ catalogue }) => catalogue.source)
  const waves = watchWaves({ sources: names, secrets, log, metrics: ours, now })
  const app = createApp({
    sources,
    publish,
    limits: { maxRequests: 1_000, maxBytes: 16 * 1_048_576 },
    quarantineLimits: { maxRecords: 10_000, maxBytes: 67_108_864 },
    proxies: new BlockList(),
    maxConnections: 1_000,
    requestTimeoutMs: 10_000,
    log,
    metrics: ours,
    now,
    secrets,
    waves,
    ...(transport && { certificate: transport.certificate }),
    ...options,
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const address = app.server.address()
  if (address === null || typeof address === 'string') throw new Error('not on a TCP port')
  const { port }: AddressInfo = address

  return {
    app,
    /** As the service does it every second. */
    lookForWaves: waves.look,
    port,
    /** What was logged, and the value of each metric with its labels. */
    log: () => lines.join(''),
    metric: async (series: string) => {
      const text = await metrics.registry.metrics()
      const line = text.split('\n').find(one => one.startsWith(`${series} `))
      return line === undefined ? undefined : Number(line.slice(series.length + 1))
    },
    series: async () => (await metrics.registry.metrics()).split('\n').filter(line => line.startsWith('hookline_')),
    /** Of every metric, also of those without series. */
    names: async () => (await metrics.registry.getMetricsAsJSON()).map(({ name }) => name),
    connect: () => new RawClient(port, transport?.open),
    /** One request on a connection of its own. */
    ask: async (bytes: string | Buffer, options?: { head?: boolean }): Promise<RawAnswer | undefined> => {
      const client = new RawClient(port, transport?.open)
      const answer = await client.send(bytes).answer(options)
      client.close()
      return answer
    },
  }
}
