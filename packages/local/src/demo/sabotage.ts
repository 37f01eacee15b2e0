import type { Stack } from '../stack.ts'
import type { Delivery } from './arrivals.ts'
import type { Plan } from './plan.ts'
import { sabotageDedupe } from './sabotage-dedupe.ts'
import { sabotageFloor } from './sabotage-floor.ts'
import { sabotageLose } from './sabotage-lose.ts'
import type { SabotageName } from './sabotage-name.ts'

/** Breaks one guarantee from outside, with the means of whoever has the databases, the broker and the processes. */
export interface Sabotage {
  /** Called before each delivery; what it waits for holds up this order's deliveries only. */
  before?(delivery: Delivery, started: number): Promise<void>
}

export interface SabotageOptions {
  readonly stack: Stack
  readonly plan: Plan
  readonly signal: AbortSignal
  readonly note: (text: string) => void
  /** Requests that were answered with 2xx so far. */
  readonly acked: () => number
}

/** Throws where Kafka or MongoDB is not the demo's own: what it breaks there nobody could mend. */
export async function sabotage(name: SabotageName, options: SabotageOptions): Promise<Sabotage> {
  const { kafka_pid, mongodb_pid } = options.stack.info
  if (kafka_pid === undefined || mongodb_pid === undefined) {
    throw new Error('--sabotage destroys data: leave out KAFKA_BROKERS, MONGODB_URI and HOOKLINE_INFRA')
  }
  switch (name) {
    case 'dedupe':
      return sabotageDedupe(options)
    case 'floor':
      return sabotageFloor(options)
    case 'lose':
      return sabotageLose(options)
  }
}
