import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { localEnvironment } from './environment.ts'
import { startInfra } from './infra.ts'
import { freePort } from './ports.ts'
import { startReaper } from './reaper.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** `host:port` of a real Kafka. */
    kafkaBrokers: string
    /** URI of a real MongoDB replica set. */
    mongodbUri: string
  }
}

/** Vitest's globalSetup of the integration tests: one Kafka and one MongoDB for all of them, their data thrown away. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const reaper = startReaper()
  const dir = await mkdtemp(join(tmpdir(), 'hookline-test-'))
  reaper.removeAtEnd(dir)
  const { signal } = new AbortController()
  const session = { environment: localEnvironment(), reaper, signal, progress: (line: string) => console.error(line) }
  const ports = { kafka: await freePort(), kafkaController: await freePort(), mongodb: await freePort() }
  try {
    const infra = await startInfra({ dir, ports, restart: false }, session)
    project.provide('kafkaBrokers', infra.kafka.address)
    project.provide('mongodbUri', infra.mongodb.address)
    return async () => {
      await infra.close()
      await reaper.close()
    }
  } catch (error) {
    await reaper.close()
    throw error
  }
}
