import type { Consumer } from '@hookline/consumer'
import { consume, type Consuming, reached, type Settings } from '@hookline/consumer/loop'
import { MemoryFault } from '../faults.ts'
import { type MemoryTopic, memoryRecordSource } from '../memory-record-source.ts'
import type { VirtualTime } from '../virtual-time.ts'
import { type Database, reachedBy } from './database.ts'
import type { Journal } from './journal.ts'
import type { Life } from './life.ts'

/** One process of the service. */
export interface Instance {
  /** From 1, in the order of their starts. */
  readonly number: number
  readonly life: Life
  /** What comes to it. Who takes its place goes on where it came to. */
  readonly topic: MemoryTopic
}

export interface InstanceParts {
  readonly consumer: Consumer
  readonly database: Database
  readonly time: VirtualTime
  readonly settings: Settings
  readonly journal: Journal
}

/** The real loop, over ports in memory, until it is closed or its life is over. */
export function startLoop({ number, life, topic }: Instance, parts: InstanceParts): Consuming {
  const { consumer, database, time, settings, journal } = parts
  const source = memoryRecordSource({
    ...topic,
    commit(slice) {
      topic.commit(slice)
      reached('committed')
    },
  })
  const alive = (tell: () => void) => {
    if (!life.isOver()) tell()
  }
  let tokens = 0
  return consume({
    ...reachedBy(life, database),
    consumer,
    source: { ...source, run: accept => source.run(slice => life.back(() => accept(slice))) },
    clock: { now: time.nowMs, errorMs: () => 0 },
    settings,
    monotonicMs: time.nowMs,
    random: () => 0.5, // back-offs are the same in every run
    newToken: () => `instance-${number}#${(tokens += 1)}`,
    sleep: (ms, signal) => life.back(() => time.sleep(ms, signal)),
    log: { info() {}, warn() {}, error() {} },
    observer: {
      count: (counter, by) => alive(() => journal.count(counter, by)),
      effectTook() {},
      event: line => alive(() => journal.attempted(line)),
      warn(fields, message) {
        if (isOutage(fields)) return // told once, by who made it, and not by all who notice it
        alive(() => journal.tell(`instance ${number} warns: ${message}${detailOf(fields)}`))
      },
    },
  })
}

function isOutage(fields: object): boolean {
  return 'error' in fields && fields.error instanceof MemoryFault && fields.error.code === 'nothing was done'
}

function detailOf(fields: object): string {
  return 'error' in fields ? ` (${String(fields.error)})` : ''
}
