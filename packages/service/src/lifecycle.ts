import { setTimeout as delay } from 'node:timers/promises'
import closeWithGrace from 'close-with-grace'
import type { TObject } from 'typebox'
import { createAdmin } from './admin.ts'
import type { Admin } from './admin.ts'
import { closeStack } from './close-stack.ts'
import type { CloseStack } from './close-stack.ts'
import { readConfig } from './config.ts'
import type { Config } from './config.ts'
import { createLog } from './log.ts'
import type { Log } from './log.ts'
import { createMetrics } from './metrics.ts'
import type { Metrics } from './metrics.ts'
import { StartRefused } from './start-refused.ts'

/** What a process that cannot go on may still take to close, in milliseconds: its replacement is waited for. */
const FAILED_CLOSE_MS = 3_000

/** What a service starts with. */
export interface ServiceContext<S extends TObject> {
  readonly name: string
  readonly config: Config<S>
  readonly log: Log
  readonly metrics: Metrics
  readonly ready: Admin['ready']
  /** Closed last opened first, at a signal, a failed start or a failure. `name` is for the log. */
  readonly onClose: CloseStack['push']
  /** The process cannot go on: closes what it can within 3 s and exits with 1. */
  readonly fail: (error: unknown) => void
}

export interface Service<S extends TObject> {
  /** Also the `service` field of every log line. */
  readonly name: string
  /** The service's own variables; the shared ones come by themselves. */
  readonly config: S
  readonly problems?: (config: Config<S>) => readonly string[]
  /** Resolves when the service works. Ready only from then on. */
  start(context: ServiceContext<S>): Promise<void>
}

/**
 * Runs a service until a signal ends it: exit code 0 after a clean close, 1 after a refused start, a crash, an
 * unhandled rejection, `fail`, a close that took longer than `CLOSE_GRACE_MS`, or a second signal.
 */
export async function runService<S extends TObject>(service: Service<S>): Promise<void> {
  const { name } = service
  const metrics = createMetrics()
  const admin = createAdmin(metrics)
  let config: Config<S>
  try {
    config = await readConfig(admin.app, {
      schema: service.config,
      ...(service.problems && { problems: service.problems }),
    })
  } catch (error) {
    logRefusal(createLog({ service: name, level: 'info' }), error)
    return process.exit(1)
  }

  const log = createLog({ service: name, level: config.LOG_LEVEL })
  const opened = closeStack(log)
  const state: { phase: 'starting' | 'ready' | 'closing'; failed: boolean } = { phase: 'starting', failed: false }
  admin.ready('service', () => state.phase === 'ready' || state.phase)

  const ending = closeWithGrace(
    {
      delay: config.CLOSE_GRACE_MS,
      logger: undefined,
      onTimeout: graceMs => log.fatal({ graceMs }, 'not closed in time'),
      onSecondSignal: signal => log.fatal({ signal }, 'second signal while closing'),
      onSecondError: error => log.fatal({ err: error }, 'second error while closing'),
    },
    async event => {
      state.phase = 'closing'
      if ('err' in event) {
        // not `if (event.err)`: a promise can be rejected with nothing, and that is a crash too
        state.failed = true
        log.fatal({ err: event.err }, 'crashed')
      } else if (!state.failed) log.info({ signal: event.signal }, 'closing')
      const closing = opened.close()
      const left = await (state.failed ? Promise.race([closing, delay(FAILED_CLOSE_MS)]) : closing)
      // close-with-grace exits with 1 when its handler throws
      if (state.failed || (left && left.length > 0)) throw new Error('closed after a failure')
      log.info('closed')
    },
  )

  function fail(error: unknown): void {
    if (state.phase === 'closing') return log.error({ err: error }, 'failed while closing')
    state.phase = 'closing'
    state.failed = true
    log.fatal({ err: error }, 'failed')
    ending.close()
  }

  try {
    opened.push('admin', () => admin.app.close())
    const address = await admin.app.listen({ host: config.ADMIN_HOST, port: config.ADMIN_PORT })
    const { ready } = admin
    await service.start({ name, config, log, metrics, ready, onClose: opened.push, fail })
    // a signal may have come while it started
    if (state.phase === 'closing') return
    state.phase = 'ready'
    log.info({ admin: address }, 'ready')
  } catch (error) {
    if (state.phase === 'closing') return
    state.phase = 'closing'
    state.failed = true
    logRefusal(log, error)
    ending.close()
  }
}

/** A refusal is for the person who starts the process: sentences, no frames. */
function logRefusal(log: Log, error: unknown): void {
  const problems = error instanceof StartRefused ? error.problems : undefined
  if (problems) log.fatal({ problems }, 'not starting')
  else log.fatal({ err: error }, 'could not start')
}
