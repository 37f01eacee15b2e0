import type { HandledEvent, HandlerContext } from '@hookline/consumer'

export interface Request {
  readonly key: string
  readonly attempt: number
  readonly what: string
}

/** A target that honours keys. What it was asked is told apart from what it did: it hides what was asked twice. */
export function keyedTarget() {
  const requests: Request[] = []
  const done = new Map<string, string>()
  return {
    requests,
    /** What it did, in the order in which it did it. */
    executed: () => [...done.values()],
    async put(event: HandledEvent, { effectKey, effect, attempt }: HandlerContext, key = effectKey): Promise<void> {
      const what = `${event.order_id} ${effect} ${event.event}`
      requests.push({ key, attempt, what })
      if (!done.has(key)) done.set(key, what)
    },
  }
}

/** What was asked more than once in one attempt. */
export function askedTwice(requests: readonly Request[]): string[] {
  const asked = requests.map(({ what, attempt }) => `${what}, attempt ${attempt}`)
  return asked.filter((one, i) => asked.indexOf(one) < i)
}

/** What was asked under more than one key. */
export function underTwoKeys(requests: readonly Request[]): string[] {
  const keys = Map.groupBy(requests, ({ what }) => what)
  return [...keys].flatMap(([what, of]) => (new Set(of.map(({ key }) => key)).size > 1 ? [what] : []))
}
