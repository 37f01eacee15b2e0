import type { Instance } from './instances.ts'

/** All metrics of a process; empty where it has none. */
async function metricsOf({ admin }: Instance): Promise<string> {
  try {
    const answer = await fetch(`${admin}/metrics`, { signal: AbortSignal.timeout(2_000) })
    return await answer.text()
  } catch {
    return ''
  }
}

/** Whether a process is built with the kit. */
export async function hasKit(instance: Instance): Promise<boolean> {
  return (await metricsOf(instance)).includes('hookline_rebalances_total')
}

/** How often a process of the kit has joined its group since it started; undefined without the kit. */
export async function rebalancesOf(instance: Instance): Promise<number | undefined> {
  const value = /^hookline_rebalances_total (\d+)$/m.exec(await metricsOf(instance))?.[1]
  return value === undefined ? undefined : Number(value)
}
