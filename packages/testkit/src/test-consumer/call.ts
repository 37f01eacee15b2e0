import { type Consumer, type Effect, EffectError } from '@hookline/consumer'
import { orderKeyOf } from '@hookline/consumer/loop'
import type { Instance } from './instance.ts'
import type { Journal } from './journal.ts'

/** One attempt of a handler: what it was called for, and how it ended. */
export interface Call {
  /** `source:order_id`. */
  readonly order: string
  readonly event: string
  readonly effect: string
  readonly effectKey: string
  /** 1 for the first. */
  readonly attempt: number
  /** Number of the instance that made it. */
  readonly instance: number
  /** Milliseconds since the test began. */
  readonly atMs: number
  /** `crashed`: its instance was gone before it ended. What is thrown and is no `EffectError` is `unknown`. */
  readonly outcome: 'running' | 'crashed' | 'done' | EffectError['code']
  /** What the handler said. */
  readonly note?: string
  /** What the handler threw. */
  readonly error?: string
}

type Ended = Pick<Call, 'outcome' | 'note' | 'error'>

/** The same consumer, each of whose handlers is written down when it is called. */
export function recorded(
  consumer: Consumer,
  { number, life }: Instance,
  { journal, sinceStartMs }: { journal: Journal; sinceStartMs: () => number },
): Consumer {
  const record = (effect: Effect): Effect => ({
    ...effect,
    handler: (event, context) =>
      life.back(async () => {
        const begun = {
          order: orderKeyOf(event),
          event: event.event,
          effect: effect.name,
          effectKey: context.effectKey,
          attempt: context.attempt,
          instance: number,
          atMs: sinceStartMs(),
        }
        let ended: Ended | undefined
        const end = (how: Ended) => {
          if (!life.isOver()) ended = how
        }
        journal.called(() => ({ ...begun, ...(ended ?? { outcome: life.isOver() ? 'crashed' : 'running' }) }))
        try {
          const done = await effect.handler(event, context)
          end({ outcome: 'done', ...(done?.note !== undefined && { note: done.note }) })
          return done
        } catch (error) {
          end({
            outcome: error instanceof EffectError ? error.code : 'unknown',
            error: error instanceof Error ? error.message : String(error),
          })
          throw error
        }
      }),
  })
  return { ...consumer, effects: consumer.effects.map(record) }
}
