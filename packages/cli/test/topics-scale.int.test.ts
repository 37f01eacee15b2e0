import { once } from 'node:events'
import { createServer } from 'node:http'
import { applyTopics, describeTopics, publisher, recordSource } from '@hookline/kafka'
import { expect, it, onTestFinished } from 'vitest'
import { topicsScale, type Watching } from '../src/commands/topics-scale.ts'
import { ownInstallation, testKafka, topicNames } from './installation.ts'
import { PLAIN } from './plain-look.ts'
import { hookline } from './process.ts'

const { config, services, env } = ownInstallation(['reader'])
const [group = ''] = services
const client = testKafka()
const SOON_MS = 1_000
const WAIT_MS = 50_000

async function newTopic(partitions: number): Promise<string> {
  const [topic = ''] = topicNames(1)
  await applyTopics(client, [{ name: topic, partitions, replicationFactor: 1, config: {} }])
  return topic
}

async function newReader(topic: string): Promise<void> {
  const timing = { sessionTimeoutMs: 10_000, metadataMaxAgeMs: SOON_MS }
  const source = recordSource({ client, groupId: group, topics: [topic], ...timing })
  void source.run(() => Promise.resolve())
  onTestFinished(() => source.close())
  await source.ready
}

/** What an ingress shows of its publisher, on a port of its own. */
async function newWriter(topic: string): Promise<string> {
  const writer = publisher({ client, metadataMaxAgeMs: SOON_MS })
  writer.prepare([topic])
  const server = createServer((_, response) =>
    response.end(`# HELP a\nhookline_publisher_partitions{topic="${topic}"} ${writer.partitions(topic)}\n`),
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.close()
    await writer.close()
  })
  const address = server.address()
  return typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : ''
}

function watching(): Watching & { lines: string[]; stop: () => void } {
  const lines: string[] = []
  const enough = new AbortController()
  return {
    lines,
    stop: () => enough.abort(),
    say: line => void lines.push(line),
    interrupted: () => enough.signal,
  }
}

it('a topic grows, and everybody who reads or writes it is waited for', async () => {
  const topic = await newTopic(2)
  await newReader(topic)
  await newReader(topic)
  const admin = await newWriter(topic)
  const seen = watching()
  const options = { topic, partitions: 5, yes: true, ingress: [admin], waitMs: WAIT_MS }
  const { document, text, problem } = await topicsScale(config, options, seen)
  expect(problem).toBeUndefined()
  expect(document).toMatchObject({
    topic,
    from: 2,
    to: 5,
    grown: true,
    complete: true,
    parties: [
      { role: 'reads', group, state: 'stable', found: 5 },
      { role: 'writes', admin, found: 5 },
    ],
  })
  expect(text(PLAIN)).toContain(`${topic} has 5 partitions (2 before).`)
  expect(seen.lines[0]).toContain(`${topic} on ${config.brokers[0]}: 2 partitions now, 5 afterwards`)
  expect(seen.lines).toContain(`${group} holds 5 of 5`)
  expect(seen.lines).toContain(`ingress ${admin} writes to 5 of 5`)

  const again = await topicsScale(config, { ...options, yes: false }, seen)
  expect(again.document).toMatchObject({ from: 5, to: 5, grown: false, complete: true })
})

it('whoever stops waiting, or waits too long, is told that Kafka has grown all the same and how to look again', async () => {
  const topic = await newTopic(1)
  const nobody = 'http://127.0.0.1:1'
  const seen = watching()
  const options = { topic, partitions: 2, yes: true, ingress: [nobody] }
  seen.stop()
  const stopped = await topicsScale(config, { ...options, waitMs: WAIT_MS }, seen)
  expect(stopped.document).toMatchObject({ grown: true, complete: false })
  expect(stopped.problem).toContain(`Kafka has grown ${topic} all the same`)
  expect(stopped.problem).toContain(`ingress ${nobody} does not answer`)
  expect(stopped.problem).toContain(`hookline topics scale ${topic} --partitions 2`)

  const late = await topicsScale(config, { ...options, waitMs: 0 }, watching())
  expect(late.problem).toContain('not everybody has found it. Not yet: ingress')
})

it('a shrink, an absent topic and a topic of Kafka itself are refused, and nothing changes', async () => {
  const topic = await newTopic(3)
  const [absent = ''] = topicNames(1)
  const scale = (name: string) => topicsScale(config, { topic: name, partitions: 2, yes: true, waitMs: 0 }, watching())
  await expect(scale(topic)).rejects.toMatchObject({
    ending: 'no',
    message: expect.stringContaining(`${topic} has 3 partitions, and Kafka cannot take any away`),
  })
  await expect(scale(absent)).rejects.toMatchObject({ ending: 'no', message: expect.stringContaining('has no topic') })
  await expect(scale('__consumer_offsets')).rejects.toMatchObject({
    ending: 'no',
    message: expect.stringContaining("Kafka's own"),
  })
  expect((await describeTopics(client, [topic])).get(topic)?.partitions).toBe(3)
})

it('without a terminal and without --yes nothing is asked and nothing grows: exit code 2', async () => {
  const topic = await newTopic(1)
  const { stdout, stderr, exitCode } = await hookline(['topics', 'scale', topic, '--partitions', '2'], env)
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
  expect(stderr).toContain('this cannot be undone')
  expect(stderr).toContain('add --yes')
  expect((await describeTopics(client, [topic])).get(topic)?.partitions).toBe(1)
})

it('an ingress that is no address of an admin server is exit code 2', async () => {
  const args = ['topics', 'scale', 'any', '--partitions', '2', '--ingress', 'localhost:9400']
  const { stderr, exitCode } = await hookline(args, env)
  expect({ stderr, exitCode }).toEqual({ stderr: expect.stringContaining('It must be http://host:port.'), exitCode: 2 })
})
