import type { OrderRecord } from './record.ts'
import { type Forecast, type Forecasts, forecast, type InboxStates } from './redrive-forecast.ts'

/** What a redrive does with the dead events of one order that a person chose. */
export interface RedriveChoice {
  /** Ids of those that go back to the lane. */
  giveBack: ReadonlySet<string>
  /** Of all that were chosen. */
  forecasts: Forecasts
  /**
   * Not now: one of them is over by the inbox, and somebody works on the order, who would run it without asking the inbox
   * again. The scheduler, who takes a free order, asks.
   */
  whenFree?: true
}

/**
 * Leaves dead what would only wait: what is blocked, and what waits for its order to be known. In the lane nobody would see
 * it any more. What is left dead may hold others, so the forecast is made anew until it is one of what is given back.
 */
export function chooseForRedrive(
  record: OrderRecord,
  ids: ReadonlySet<string>,
  options: { states: InboxStates; withoutPrerequisite?: boolean },
): RedriveChoice {
  const left = new Map<string, Forecast>()
  for (;;) {
    const going = new Set([...ids].filter(id => !left.has(id)))
    const forecasts = forecast(record, going, options)
    const idle = [...forecasts].filter(([, { kind }]) => kind === 'blocked' || kind === 'waits')
    if (idle.length > 0) {
      for (const [id, why] of idle) left.set(id, why)
      continue
    }
    const giveBack = new Set(record.dead.map(({ id }) => id).filter(id => going.has(id)))
    const isOver = (id: string) => forecasts.get(id)?.kind === 'already_done'
    return {
      giveBack,
      forecasts: new Map([...forecasts, ...left]),
      ...(record.owner !== undefined && [...giveBack].some(isOver) && { whenFree: true as const }),
    }
  }
}
