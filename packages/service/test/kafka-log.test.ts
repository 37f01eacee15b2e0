import { expect, test } from 'vitest'
import { kafkaLog } from '../src/kafka-log.ts'
import { createLog } from '../src/log.ts'
import { sampler } from '../src/sampler.ts'

function logging() {
  const lines: Record<string, unknown>[] = []
  const clock = { now: 0 }
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) }
  const log = kafkaLog(createLog({ service: 'test', level: 'debug', destination }), () => clock.now)
  return { log, clock, shown: () => lines.map(({ msg, suppressed }) => [msg, suppressed]) }
}

test('of what kafkajs warns of in an outage one line each ten seconds passes, and tells how many it stands for', () => {
  const { log, clock, shown } = logging()
  for (clock.now = 0; clock.now < 10_000; clock.now += 100) {
    log.warn({ kafkajs: 'Connection', broker: `127.0.0.1:${clock.now}` }, `Connection error: ${clock.now}`)
  }
  log.warn({ kafkajs: 'Connection' }, 'Connection error: 1')
  expect(shown()).toEqual([
    ['Connection error: 0', 0],
    ['Connection error: 1', 99],
  ])
})

test('another kind passes at once, and what is said without kafkajs always', () => {
  const { log, shown } = logging()
  log.warn({ kafkajs: 'Connection' }, 'Connection error')
  log.warn({ kafkajs: 'BrokerPool' }, 'Failed to connect to seed broker')
  for (const _ of [1, 2]) log.warn({ topic: 't' }, 'Kafka did not store records: they are sent again')
  for (const _ of [1, 2]) log.error({ topic: 't' }, 'Kafka refuses')
  expect(shown().map(([msg]) => msg)).toEqual([
    'Connection error',
    'Failed to connect to seed broker',
    'Kafka did not store records: they are sent again',
    'Kafka did not store records: they are sent again',
    'Kafka refuses',
    'Kafka refuses',
  ])
})

test('kinds without end share one place', () => {
  const sample = sampler({ everyMs: 1_000, now: () => 0 })
  const passed = Array.from({ length: 1_000 }, (_, n) => sample(`kind ${n}`)).filter(one => one !== undefined)
  expect(passed.length).toBe(201)
})
