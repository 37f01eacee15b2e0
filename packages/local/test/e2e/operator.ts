import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { REPOSITORY } from '../../src/repository.ts'
import type { ConsumerName } from '../../src/demo/judged.ts'
import type { StackInfo } from '../../src/stack-file.ts'

const PROGRAM = join(REPOSITORY, 'packages/cli/src/main.ts')

/** What `hookline order <id> --json` says of one event in one service. */
export interface ToldEvent {
  readonly event: string
  readonly state: 'done' | 'stale' | 'parked' | 'retrying' | 'running' | 'dead'
  readonly reason?: string
  readonly next_at?: string
}

/** What an operator is told about an order, by service. */
export async function toldOf(
  info: StackInfo,
  orderId: string,
): Promise<Readonly<Record<ConsumerName, readonly ToldEvent[]>>> {
  const stdout = await hookline(info, ['order', orderId, '--json'])
  const { services } = JSON.parse(stdout) as { services: Record<ConsumerName, { events: readonly ToldEvent[] }> }
  return { 'erp-sync': services['erp-sync'].events, email: services.email.events, wms: services.wms.events }
}

/** Runs one command of the operator's as a process and resolves with its stdout; rejects where it does not end with 0. */
export async function hookline(
  info: StackInfo,
  args: readonly string[],
  over: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { file, argv, env } = hooklineCommand(info, args)
  const { stdout } = await promisify(execFile)(file, argv, { env: { ...env, ...over }, maxBuffer: 64 * 1024 * 1024 })
  return stdout
}

/** The same to be started by the caller. */
export function hooklineCommand({ kafka, mongodb }: StackInfo, args: readonly string[]) {
  const argv = ['--conditions=source', PROGRAM, ...args]
  return { file: process.execPath, argv, env: { ...process.env, KAFKA_BROKERS: kafka, MONGODB_URI: mongodb } }
}
