import { inspect } from 'node:util'
import kafkajs from 'kafkajs'
import { describe, expect, it, vi } from 'vitest'
import { kafkajsLogCreator } from '../src/log.ts'
import type { KafkaLog } from '../src/log.ts'
import type { OpenBatch } from '../src/open-batches.ts'
import { slices } from '../src/slices.ts'

const MARKER = 'jane.doe@example.com'

function noting(): { log: KafkaLog; lines: unknown[][] } {
  const lines: unknown[][] = []
  const at = (level: string) => (fields: object, message: string) => void lines.push([level, fields, message])
  return { lines, log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } }
}

describe('no log line shows a record', () => {
  it('of what kafkajs logs only known fields pass', () => {
    const { log, lines } = noting()
    const write = kafkajsLogCreator(log)(kafkajs.logLevel.INFO)
    const entry = {
      timestamp: '',
      message: 'Failed',
      topic: 't',
      messages: [{ value: MARKER }],
      error: { body: MARKER },
    }
    write({ namespace: 'Producer', level: kafkajs.logLevel.ERROR, label: 'ERROR', log: entry })
    write({ namespace: 'Runner', level: kafkajs.logLevel.INFO, label: 'INFO', log: { ...entry, message: 'Stopped' } })
    expect(lines).toEqual([
      ['warn', { kafkajs: 'Producer', topic: 't' }, 'Failed'],
      ['debug', { kafkajs: 'Runner', topic: 't' }, 'Stopped'],
    ])
  })

  it('an error in the place of a message is its name and text, without its stack and its fields', () => {
    const { log, lines } = noting()
    const message = Object.assign(new Error('SASL PLAIN authentication failed'), { body: MARKER })
    const entry: object = { timestamp: '', message }
    kafkajsLogCreator(log)(kafkajs.logLevel.INFO)({
      namespace: 'BrokerPool',
      level: kafkajs.logLevel.ERROR,
      label: 'ERROR',
      log: entry as kafkajs.LogEntry['log'],
    })
    expect(lines).toEqual([['warn', { kafkajs: 'BrokerPool' }, 'Error: SASL PLAIN authentication failed']])
  })

  it('of an error of accept its name and place are logged, never its message', async () => {
    const { log, lines } = noting()
    const work = slices({ log, sliceSize: 10, sliceMs: 0, heartbeatMs: 1_000, onAccepted: () => {} })
    const body = `{"email":"${MARKER}"`
    const ran = work.run(() => {
      // what JSON.parse throws shows the text that it failed on
      JSON.parse(body)
      return Promise.resolve()
    })
    work.add(batchOf(body))
    await vi.waitUntil(() => lines.length > 0, { timeout: 10_000, interval: 1 })
    work.stop()
    await ran
    expect(lines[0]).toMatchObject([
      'error',
      { error: 'SyntaxError', records: 1 },
      expect.stringContaining('not accepted'),
    ])
    expect(inspect(lines, { depth: 10 })).not.toContain('jane')
  })
})

function batchOf(value: string): OpenBatch {
  const batch: OpenBatch = {
    topic: 't',
    partition: 0,
    records: [{ topic: 't', partition: 0, offset: '0', key: null, value: Buffer.from(value) }],
    arrivedAt: performance.now(),
    endOffset: '1',
    taken: 0,
    over: false,
    resolveOffset: () => {},
    commit: () => Promise.resolve(),
    heartbeat: () => Promise.resolve(),
    end: () => {
      batch.over = true
    },
  }
  return batch
}
