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
  startReaper,
} from '@hookline/local'

/** What a bench runs on: a Kafka of its own with the topics, and a folder that is gone at the end. */
export interface Stage {
  readonly session: Session
  readonly brokers: string
  readonly dir: string
  readonly progress: (line: string) => void
  /** Records that a topic holds. */
  readonly stored: (topic: string) => Promise<number>
  /** What is to be closed with the stage, before Kafka; last opened first. */
  readonly onClose: (close: () => Promise<unknown>) => void
  close(): Promise<void>
}

export interface StageOptions {
  readonly signal: AbortSignal
  readonly progress: (line: string) => void
}

/** A failed start leaves nothing behind, and a killed bench neither. */
export async function openStage({ signal, progress }: StageOptions): Promise<Stage> {
  const reaper = startReaper()
  // a Kafka that the environment names is somebody's, and does other work
  const environment = { ...localEnvironment(), kafkaBrokers: undefined }
  const session: Session = { environment, reaper, signal, progress }
  const closing = new AsyncDisposableStack()
  closing.defer(() => reaper.close())
  try {
    const dir = await mkdtemp(join(tmpdir(), 'hookline-bench-'))
    reaper.removeAtEnd(dir)
    const ports = { kafka: await freePort(), kafkaController: await freePort() }
    const kafka = closing.adopt(await startKafka({ dir, ports, restart: false }, session), one => one.stop())
    const client = localKafkaClient(kafka.address)
    await applyTopics(client, parseTopics(await readFile(join(REPOSITORY, 'infra/topics.yaml'), 'utf8'), 'local'))
    return {
      session,
      brokers: kafka.address,
      dir,
      progress,
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
