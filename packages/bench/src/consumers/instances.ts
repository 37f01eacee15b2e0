import type { Stage } from '../stage.ts'
import { type Consumer, type Processes, type Service, type StartOptions, startService } from './consumer.ts'

/** Several processes of one service, as one. */
export async function startInstances(stage: Stage, count: number, options: StartOptions): Promise<Consumer> {
  const first = await startService(stage, options)
  const all: Service[] = [first]
  while (all.length < count) all.push(await startService(stage, options))
  return {
    ...first,
    process: together(all.map(({ process }) => process)),
    async handled(wanted) {
      if (!(await first.store.atRest())) return false
      const records = await Promise.all(all.map(one => one.records()))
      return sumOf(records) >= wanted
    },
  }
}

function together(all: readonly Processes[]): Processes {
  return {
    ended: () => all.map(one => one.ended()).find(how => how !== undefined),
    async usage() {
      const usages = await Promise.all(all.map(one => one.usage()))
      return {
        cpuMs: sumOf(usages.map(({ cpuMs }) => cpuMs)),
        rssBytes: sumOf(usages.map(({ rssBytes }) => rssBytes)),
      }
    },
    hold() {
      for (const one of all) one.hold()
    },
    goOn() {
      for (const one of all) one.goOn()
    },
    stop: async () => void (await Promise.all(all.map(one => one.stop()))),
  }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
