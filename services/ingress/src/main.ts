import { openPublisher, runService } from '@hookline/service'
import { createApp } from './app.ts'
import { configProblems, ingressConfig } from './config.ts'
import { ingressMetrics } from './ingress-metrics.ts'
import { MAX_RECORD_BYTES, PUBLISH_TIMEOUT_MS, REJECTED_TOPIC, REQUEST_TIMEOUT_MS } from './limits.ts'
import { sourcesOf } from './source.ts'

await runService({
  name: 'ingress',
  config: ingressConfig,
  problems: configProblems,
  start: async ({ name, config, log, metrics, ready, onClose }) => {
    const sources = sourcesOf(config)
    const topics = sources.map(source => source.catalogue.topic)
    const kafka = { topics: [...topics, REJECTED_TOPIC], maxRecordBytes: MAX_RECORD_BYTES }
    const publisher = await openPublisher({ name, config, log, metrics, ...kafka })
    onClose('publisher', () => publisher.close())
    ready(
      'kafka',
      () => topics.every(topic => publisher.available(topic)) || 'Kafka does not store records at the moment',
    )

    const limits = { maxRequests: config.MAX_IN_FLIGHT, maxBytes: config.MAX_IN_FLIGHT_BYTES }
    const publish = (topic: string, record: Parameters<typeof publisher.publish>[1]) =>
      publisher.publish(topic, record, { timeoutMs: PUBLISH_TIMEOUT_MS })
    const app = createApp({
      sources,
      publish,
      limits,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      log,
      metrics: ingressMetrics(metrics),
      now: Date.now,
    })
    onClose('http', () => app.close())
    log.info({ address: await app.listen({ host: config.HOST, port: config.PORT }) }, 'listening')
  },
})
