import { randomUUID } from 'node:crypto'
import { applyTopics, deadLetters as lettersOf, publisher } from '@hookline/kafka'
import { expect, it, onTestFinished } from 'vitest'
import { deadLetters } from '../src/commands/dead-letters.ts'
import { ownInstallation, removeTopics, testKafka } from './installation.ts'
import { PLAIN } from './plain-look.ts'

const { config, services } = ownInstallation()
const [erp = '', mail = ''] = services

it('the dead-letter topics are listed with why and from where, without what the records say', async () => {
  const topics = services.map(name => `${name}.dead`)
  onTestFinished(() => removeTopics(topics))
  const client = testKafka()
  await applyTopics(
    client,
    topics.map(name => ({ name, partitions: 1, replicationFactor: 1, config: {} })),
  )
  const kafka = publisher({ client })
  onTestFinished(() => kafka.close())
  const record = { topic: 'points.webhook', partition: 3, offset: '7', key: null, value: Buffer.from(randomUUID()) }
  const letters = lettersOf({ publisher: kafka, topic: `${erp}.dead` })
  await letters.send([{ record, reason: 'unreadable', message: 'not JSON' }])

  const { document, text } = await deadLetters(config, { limit: 5 })
  expect(document).toMatchObject({
    services: {
      [erp]: { total: 1, letters: [{ reason: 'unreadable', message: 'not JSON', source: { offset: '7' }, bytes: 36 }] },
      [mail]: { total: 0, letters: [] },
    },
  })
  expect(text(PLAIN)).toContain(`${erp}.dead: 1 record\n`)
  expect(text(PLAIN)).toContain('      not JSON; from points.webhook 3/7, 36 bytes\n')
  expect(text(PLAIN) + JSON.stringify(document)).not.toContain(record.value.toString())
})

it('a service without its topic is named with what to do', async () => {
  await expect(deadLetters({ ...config, services: ['none'] }, { limit: 5 })).rejects.toMatchObject({
    message: 'Kafka has no topic none.dead: `hookline topics apply`.',
  })
})
