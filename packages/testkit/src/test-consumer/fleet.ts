import { AsyncLocalStorage } from 'node:async_hooks'
import type { Consumer, Settings, Step } from '@hookline/consumer'
import { type MemoryTopic, memoryTopic } from '../memory-record-source.ts'
import type { VirtualTime } from '../virtual-time.ts'
import { recorded } from './call.ts'
import { onceAt } from './crash-at.ts'
import type { Database } from './database.ts'
import { type Instance, startLoop } from './instance.ts'
import type { Journal } from './journal.ts'
import { newLife } from './life.ts'

/** The instances of the service: as many at any time. */
export interface Fleet {
  /** Where the next record goes: to each instance in turn. */
  nextTopic(): { readonly topic: MemoryTopic; readonly instance: number }
  crash(instance?: number): void
  crashAt(step: Step): void
  /** Steps at which an instance is still to crash. */
  notReached(): readonly Step[]
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

interface FleetParts {
  /** A consumer for a new instance. */
  readonly define: () => Consumer
  readonly size: number
  readonly database: Database
  readonly time: VirtualTime
  readonly sinceStartMs: () => number
  readonly settings: Settings
  readonly journal: Journal
}

export function startFleet(parts: FleetParts): Fleet {
  const { size, time, journal } = parts
  /** Whose code runs: the instances take turns in this one process. */
  const here = new AsyncLocalStorage<Instance>()
  const armed = new Set<{ step: Step }>()
  let started = 0
  let turn = 0
  const running = Array.from({ length: size }, (_, i) => start(memoryTopic(`topic-${i + 1}`, 1)))

  function start(topic: MemoryTopic): Instance {
    started += 1
    const instance: Instance = { number: started, life: newLife(), topic }
    here.run(instance, () => startLoop(instance, { ...parts, consumer: recorded(parts.define(), instance, parts) }))
    return instance
  }

  function crash(gone: Instance, step?: Step): void {
    gone.life.end()
    journal.crashed({ instance: gone.number, ...(step && { step }) })
    const where = step === undefined ? '' : ` at ${step}`
    journal.tell(`instance ${gone.number} is gone${where}, instance ${started + 1} takes its place`)
    running[running.indexOf(gone)] = start(gone.topic)
  }

  return {
    nextTopic() {
      const instance = running[turn % size]
      turn += 1
      if (!instance) throw new Error('a service has one instance at least')
      return { topic: instance.topic, instance: instance.number }
    },
    crash(number = Math.min(...running.map(instance => instance.number))) {
      const gone = running.find(instance => instance.number === number)
      if (!gone) throw new Error(`no instance ${number} runs: ${running.map(({ number }) => number).join(', ')} do`)
      crash(gone)
    },
    crashAt(step) {
      const order = { step }
      armed.add(order)
      const isHere = () => here.getStore()?.life.isOver() === false
      onceAt(step, isHere, () => {
        armed.delete(order)
        const gone = here.getStore()
        if (gone) crash(gone, step)
      })
    },
    notReached: () => [...armed].map(({ step }) => step),
    sleep(ms, signal) {
      const instance = here.getStore()
      const sleep = () => time.sleep(ms, signal)
      return instance ? instance.life.back(sleep) : sleep()
    },
  }
}
