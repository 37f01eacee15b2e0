import { setTimeout as delay } from 'node:timers/promises'
import { openPublisher, runService, StartRefused } from '@hookline/service'
import { createApp } from './app.ts'
import { configProblems, ingressConfig, secretsConfig, tlsPaths } from './config.ts'
import { keepLooking } from './follow.ts'
import type { Every } from './follow.ts'
import { replaceCertificate } from './http-server.ts'
import { ingressMetrics } from './ingress-metrics.ts'
import {
  MAX_RECORD_BYTES,
  MAX_WAITING_CONNECTIONS,
  PUBLISH_TIMEOUT_MS,
  REJECTED_TOPIC,
  REQUEST_TIMEOUT_MS,
} from './limits.ts'
import { loadSecrets } from './secrets/load.ts'
import { secretsReload } from './secrets/reload.ts'
import { declaredSources } from './sources/declared-sources.ts'
import { openSources } from './sources/open-sources.ts'
import { readCertificate } from './tls/certificate.ts'
import { certificateReload } from './tls/reload.ts'
import { trustedProxies } from './trusted-proxies.ts'
import { LOOK_MS, watchWaves } from './waves/watch.ts'

const every: Every = (run, intervalMs) => {
  const timer = setInterval(run, intervalMs)
  return () => clearInterval(timer)
}

await runService({
  name: 'ingress',
  config: ingressConfig,
  problems: config => configProblems(config),
  start: async ({ name, config, log, metrics, ready, onClose }) => {
    const proxies = trustedProxies(config.TRUSTED_PROXIES)
    if (!proxies.ok) throw new StartRefused(proxies.problems)
    const load = () => loadSecrets(secretsConfig(config), Date.now())
    const secrets = await load()
    if (!secrets.ok) throw new StartRefused(secrets.problems)
    const paths = tlsPaths(config)
    const loadCertificate = paths && (() => readCertificate(paths, Date.now()))
    const certificate = await loadCertificate?.()
    if (certificate?.ok === false) throw new StartRefused(certificate.problems)
    const sources = openSources({ declared: declaredSources, secrets: secrets.value, values: config })
    const topics = sources.map(source => source.catalogue.topic)
    const kafka = { topics: [...topics, REJECTED_TOPIC], maxRecordBytes: MAX_RECORD_BYTES }
    const publisher = await openPublisher({ name, config, log, metrics, ...kafka })
    onClose('publisher', () => publisher.close())
    ready(
      'kafka',
      () => topics.every(topic => publisher.available(topic)) || 'Kafka does not store records at the moment',
    )

    const measured = ingressMetrics(metrics, sources)
    const keyrings = new Map(sources.map(({ catalogue, keyring }) => [catalogue.source, keyring]))
    const { look, current } = secretsReload({
      load,
      first: secrets.value,
      keyrings,
      log,
      metrics: measured,
      now: Date.now,
    })
    if (config.WEBHOOK_SECRETS_PATH !== undefined) {
      onClose('secrets', keepLooking(look, { every, intervalMs: config.WEBHOOK_SECRETS_POLL_MS }).stop)
    }

    const names = [...keyrings.keys()]
    const waves = watchWaves({ sources: names, secrets: current, log, metrics: measured, now: Date.now })
    onClose('waves', every(waves.look, LOOK_MS))

    const limits = { maxRequests: config.MAX_IN_FLIGHT, maxBytes: config.MAX_IN_FLIGHT_BYTES }
    const publish = (topic: string, record: Parameters<typeof publisher.publish>[1]) =>
      publisher.publish(topic, record, { timeoutMs: PUBLISH_TIMEOUT_MS })
    const app = createApp({
      sources,
      publish,
      limits,
      quarantineLimits: { maxRecords: config.QUARANTINE_MAX_RECORDS, maxBytes: config.QUARANTINE_MAX_BYTES },
      proxies: proxies.value,
      maxConnections: config.MAX_CONNECTIONS,
      ...(certificate && { certificate: certificate.value }),
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      log,
      metrics: measured,
      now: Date.now,
      secrets: current,
      waves,
      drained: () => delay(config.DRAIN_MS),
    })
    onClose('http', () => app.close())
    if (loadCertificate && certificate) {
      const { look } = certificateReload({
        load: loadCertificate,
        first: certificate.value,
        replace: one => replaceCertificate(app.server, one),
        log,
        metrics: measured,
        now: Date.now,
      })
      onClose('certificate', keepLooking(look, { every, intervalMs: config.TLS_POLL_MS }).stop)
    }
    const address = await app.listen({ host: config.HOST, port: config.PORT, backlog: MAX_WAITING_CONNECTIONS })
    log.info({ address: certificate ? address.replace('http:', 'https:') : address }, 'listening')
  },
})
