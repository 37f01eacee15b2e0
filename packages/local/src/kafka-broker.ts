import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { clusterReady } from '@hookline/kafka'
import { brokerSettings } from './broker-settings.ts'
import { localKafkaClient } from './kafka-client.ts'
import { kafkaJars } from './kafka-jars.ts'
import { LOOPBACK } from './ports.ts'
import { REPOSITORY } from './repository.ts'
import type { Session } from './session.ts'
import type { ProcessSpec } from './supervised.ts'
import { runTool } from './tool.ts'

const READY_LIMIT_MS = 120_000
const HEAP = ['-Xmx320m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']

export interface KafkaBrokerOptions {
  /** Kept by whoever owns it; formatted when empty. */
  readonly dataDir: string
  readonly port: number
  readonly controllerPort: number
  readonly logFile: string
  readonly verbose?: boolean
}

/** A single-node KRaft broker on the loopback address, its jars and its data directory ready to start. */
export async function kafkaBroker(options: KafkaBrokerOptions, session: Session): Promise<ProcessSpec> {
  const jars = await kafkaJars(session)
  const java = javaCommand(session)
  const logs = `-Dlog4j2.configurationFile=${join(REPOSITORY, 'infra/broker/log4j2.properties')}`
  const jvm = [...HEAP, logs, '-cp', join(jars, '*')]
  const properties = join(options.dataDir, 'server.properties')
  await mkdir(options.dataDir, { recursive: true })
  await writeFile(properties, serverProperties(options))
  if (!existsSync(join(options.dataDir, 'log', 'meta.properties'))) {
    const format = ['kafka.tools.StorageTool', 'format', '-t', clusterId(), '-c', properties]
    await runTool({ command: java, args: [...jvm, ...format], limitMs: READY_LIMIT_MS }, session)
  }
  return {
    name: 'kafka',
    command: java,
    args: [...jvm, 'kafka.Kafka', properties],
    env: session.environment.inherited,
    logFile: options.logFile,
    verbose: options.verbose ?? false,
    graceMs: 15_000,
    ready: async signal => {
      await clusterReady(localKafkaClient(`${LOOPBACK}:${options.port}`), { limitMs: READY_LIMIT_MS, signal })
    },
  }
}

function javaCommand(session: Session): string {
  const { javaHome } = session.environment
  return javaHome === undefined ? 'java' : join(javaHome, 'bin', 'java')
}

/** A random UUID in Kafka's own spelling; a leading dash would look like an option. */
function clusterId(): string {
  const id = randomBytes(16).toString('base64url')
  return id.startsWith('-') ? clusterId() : id
}

function serverProperties({ dataDir, port, controllerPort }: KafkaBrokerOptions): string {
  const settings = brokerSettings({ listenOn: LOOPBACK, dataDir, port, controllerPort })
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
}
