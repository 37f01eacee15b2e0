import { applyTopics, publisher, recordSource } from '@hookline/kafka'
import { expect, it } from 'vitest'
import { lag } from '../src/commands/lag.ts'
import { ownInstallation, testKafka, topicNames } from './installation.ts'

const { config, services } = ownInstallation()
const [running = '', idle = ''] = services
const client = testKafka()

it('lag is what a service has not committed yet; one that never ran is behind by everything', async () => {
  const [topic = ''] = topicNames(1)
  await applyTopics(client, [{ name: topic, partitions: 2, replicationFactor: 1, config: {} }])
  const kafka = publisher({ client })
  const publish = (keys: readonly string[]) =>
    Promise.all(keys.map(key => kafka.publish(topic, { key, value: Buffer.from('x') }, { timeoutMs: 30_000 })))
  await publish(['a', 'b', 'c'])

  let left = 3
  const all = Promise.withResolvers<void>()
  const source = recordSource({ client, groupId: running, topics: [topic], sessionTimeoutMs: 10_000 })
  const ended = source.run(slice => {
    left -= slice.length
    if (left === 0) all.resolve()
    return Promise.resolve()
  })
  await all.promise
  await source.close()
  await ended
  await publish(['a', 'd'])
  await kafka.close()

  const { document } = await lag(config, { topics: [topic] })
  expect(document).toMatchObject({ total: 7, services: { [running]: { lag: 2 }, [idle]: { lag: 5 } } })
  const one = await lag(config, { topics: [topic], service: idle })
  expect(one.document).toMatchObject({ total: 5 })
  expect(one.text({ width: 80, paint: (_, text) => text })).toContain(
    `${idle} has never committed anything of ${topic}`,
  )
})

it('a topic that is absent is named with what makes it', async () => {
  await expect(lag(config, { topics: ['cli-test.absent'] })).rejects.toMatchObject({
    ending: 'no',
    message: 'Kafka has no topic cli-test.absent: make them with `hookline topics apply`.',
  })
})
