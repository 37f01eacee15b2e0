import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { applyTopics, lag, parseTopics } from '@hookline/kafka'
import {
  freePort,
  localEnvironment,
  localKafkaClient,
  REPOSITORY,
  type Session,
  startKafka,
  startMongodb,
  startReaper,
} from '@hookline/local'
import type { Profiler } from './profile/profiler.ts'

/** A quarter of what mongod takes by itself on a machine of 32 GB, and eight times as much as in the local stack. */
const CACHE_GB = 4

/** What a bench runs on: a Kafka of its own with the topics, a MongoDB where it wants one, and a folder that is gone at the end. */
export interface Stage {
  readonly session: Session
  readonly brokers: string
  readonly kafkaPid: number
  readonly mongodb: Backing | undefined
  readonly dir: string
  readonly progress: (line: string) => void
  /** Where processes of ours are to be profiled. */
  readonly profiler: Profiler | undefined
  /** Records that a topic holds. */
  readonly stored: (topic: string) => Promise<number>
  /** What is to be closed with the stage, before Kafka; last opened first. */
  readonly onClose: (close: () => Promise<unknown>) => void
  close(): Promise<void>
}

/** A server process of the stage. */
interface Backing {
  /** A URI. */
  readonly address: string
  readonly pid: number
}

export interface StageOptions {
  readonly mongodb: boolean
  readonly profiler: Profiler | undefined
  readonly signal: AbortSignal
  readonly progress: (line: string) => void
}

/** A failed start leaves nothing behind, and a killed bench neither. */
export async function openStage({ signal, progress, profiler, mongodb: wanted }: StageOptions): Promise<Stage> {
  const reaper = startReaper()
  // what the environment names is somebody's, and does other work
  const environment = { ...localEnvironment(), kafkaBrokers: undefined, mongodbUri: undefined }
  const session: Session = { environment, reaper, signal, progress }
  const closing = new AsyncDisposableStack()
  closing.defer(() => reaper.close())
  try {
    const dir = await mkdtemp(join(tmpdir(), 'hookline-bench-'))
    reaper.removeAtEnd(dir)
    const ports = { kafka: await freePort(), kafkaController: await freePort(), mongodb: await freePort() }
    const place = { dir, ports, restart: false }
    const kafka = closing.adopt(await startKafka(place, session), one => one.stop())
    const mongodb = wanted
      ? closing.adopt(await startMongodb({ ...place, cacheGb: CACHE_GB }, session), one => one.stop())
      : undefined
    const client = localKafkaClient(kafka.address)
    await applyTopics(client, parseTopics(await readFile(join(REPOSITORY, 'infra/topics.yaml'), 'utf8'), 'local'))
    return {
      session,
      brokers: kafka.address,
      kafkaPid: kafka.process?.pid ?? 0,
      mongodb: mongodb && { address: mongodb.address, pid: mongodb.process?.pid ?? 0 },
      dir,
      progress,
      profiler,
      async stored(topic) {
        // of a group that never reads, all records are left
        const partitions = await lag(client, 'bench', [topic])
        return partitions.reduce((sum, one) => sum + one.lag, 0)
      },
      onClose: close => closing.defer(async () => void (await close())),
      close: () => closing.disposeAsync(),
    }
  } catch (error) {
    await closing.disposeAsync()
    throw error
  }
}

/** The URI of its MongoDB. Throws where the bench has none. */
export function mongodbOf({ mongodb }: Pick<Stage, 'mongodb'>): string {
  if (mongodb === undefined) throw new Error('the bench wants no MongoDB')
  return mongodb.address
}
