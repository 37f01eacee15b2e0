import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeRecord } from '@hookline/contracts'
import { migrate } from '@hookline/inbox'
import { freePort, LOOPBACK, waitFor } from '@hookline/local'
import { type Admin, adminOf } from '../admin.ts'
import { type MeasuredProcess, startProcess } from '../measured-process.ts'
import type { Fill } from '../records/fill.ts'
import { mongodbOf, type Stage } from '../stage.ts'
import { expected } from './expected.ts'
import type { Feed } from './feeds.ts'
import { openStore, type Store } from './store.ts'
import type { Subject } from './subject.ts'
import { makeTopics } from './topics.ts'

const LOOK_EVERY_MS = 20
const ROUND_LIMIT_MS = 120_000

/** One process or several. */
export type Processes = Omit<MeasuredProcess, 'pid' | 'logFile'>

/** A process that consumes a topic. */
export interface Consumer {
  readonly process: Processes
  readonly topic: string
  readonly store: Store
  /** Whether so many records were handled since it started. */
  readonly handled: (records: number) => Promise<boolean>
}

/** One of ours. */
export interface Service extends Consumer, Pick<Admin, 'metric'> {
  readonly process: MeasuredProcess
  /** Records that it has handled since it started, repeats counted too. */
  readonly records: () => Promise<number>
}

export interface StartOptions {
  /** The group, and the database. */
  readonly name: string
  /** Beside this file's folder. */
  readonly script: string
  readonly env?: Readonly<Record<string, string>>
}

/** A service as it runs in production. */
export async function startService(stage: Stage, { name, script, env }: StartOptions): Promise<Service> {
  const port = await freePort()
  const { ready, metric } = adminOf(port)
  await makeTopics(stage, [`${name}.dead`])
  await migrate(mongodbOf(stage), name)
  const process = await startProcess(stage, {
    name,
    script: join(import.meta.dirname, script),
    env: {
      NODE_ENV: 'production',
      HOOKLINE_ENV: 'development',
      KAFKA_BROKERS: stage.brokers,
      KAFKA_REPLICATION_MIN: '1',
      MONGODB_URI: mongodbOf(stage),
      ADMIN_HOST: LOOPBACK,
      ADMIN_PORT: `${port}`,
      HOOKLINE_BENCH_NAME: name,
      ...env,
    },
    ours: true,
    ready,
  })
  const store = openStore(stage, name)
  const records = async () =>
    (await metric('hookline_events_accepted_total')) + (await metric('hookline_duplicates_dropped_total'))
  return {
    process,
    topic: 'points.webhook',
    store,
    metric,
    records,
    // metrics cost the service more than the question to MongoDB
    handled: async count => (await store.atRest()) && (await records()) >= count,
  }
}

/** One that consumes a topic of its own with kafkajs's `eachMessage`, where no record comes twice. */
export async function startPeer(stage: Stage, { name, script, env }: StartOptions): Promise<Consumer> {
  const topic = `${name}.webhook`
  await makeTopics(stage, [topic])
  const process = await startProcess(stage, {
    name,
    script: join(import.meta.dirname, script),
    ours: false,
    env: {
      NODE_ENV: 'production',
      KAFKA_BROKERS: stage.brokers,
      MONGODB_URI: mongodbOf(stage),
      NAME: name,
      TOPIC: topic,
      ...env,
    },
    ready: async logFile => ((await readFile(logFile, 'utf8')).includes('consuming') ? true : undefined),
  })
  const store = openStore(stage, name)
  return { process, topic, store, handled: async records => (await store.committed()) >= records }
}

/** Makes subjects of one process, which differ in what is sent to them. */
export function subjectsOf(stage: Stage, { process: measured, topic, store, handled }: Consumer, fill: Fill) {
  const all = expected()
  let sent = 0

  async function isDone(): Promise<true | undefined> {
    const how = measured.ended()
    if (how !== undefined) throw new Error(`it ended: ${how}`)
    return (await store.stored()) >= all.events() && (await handled(sent)) ? true : undefined
  }

  return (name: string, feed: Feed): Subject => ({
    name,
    process: measured,
    async prepare(count) {
      const events = feed(count)
      all.add(events)
      sent += events.length
      const records = events.map(encodeRecord)
      // what it is to handle is there before it begins
      measured.hold()
      await fill(topic, records)
    },
    async run() {
      measured.goOn()
      const { signal } = stage.session
      const giveUp = () => measured.ended() !== undefined
      await waitFor(`${name} handles all`, isDone, { limitMs: ROUND_LIMIT_MS, everyMs: LOOK_EVERY_MS, signal, giveUp })
    },
    check: () => store.check(all),
  })
}
