import { AsyncLocalStorage } from 'node:async_hooks'
import type { Consumer } from '@hookline/consumer'
import type { Consuming, Settings, Step } from '@hookline/consumer/loop'
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
  stop(instance?: number): void
  crashAt(step: Step): void
  /** Steps at which an instance is still to crash. */
  notReached(): readonly Step[]
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

interface Running {
  readonly instance: Instance
  readonly consuming: Consuming
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
  const places = Array.from({ length: size }, (_, i) => start(memoryTopic(`topic-${i + 1}`, 1)))

  function start(topic: MemoryTopic): Running {
    started += 1
    const instance: Instance = { number: started, life: newLife(), topic }
    const consuming = here.run(instance, () =>
      startLoop(instance, { ...parts, consumer: recorded(parts.define(), instance, parts) }),
    )
    return { instance, consuming }
  }

  function running(number = Math.min(...places.map(({ instance }) => instance.number))): Running {
    const one = places.find(({ instance }) => instance.number === number)
    if (one) return one
    throw new Error(`no instance ${number} runs: ${places.map(({ instance }) => instance.number).join(', ')} do`)
  }

  /** Who was told to stop has been replaced before it ends. */
  function replace(gone: Instance): string {
    const place = places.findIndex(({ instance }) => instance === gone)
    if (place === -1) return ''
    const next = start(gone.topic)
    places[place] = next
    return `, instance ${next.instance.number} takes its place`
  }

  function crash(gone: Instance, step?: Step): void {
    gone.life.end()
    journal.crashed({ instance: gone.number, ...(step && { step }) })
    const where = step === undefined ? '' : ` at ${step}`
    journal.tell(`instance ${gone.number} is gone${where}${replace(gone)}`)
  }

  async function stop({ instance, consuming }: Running): Promise<void> {
    const { number, life } = instance
    journal.tell(`instance ${number} is told to stop`)
    const closed = here.run(instance, () => consuming.close())
    await consuming.finished // one at a time reads a topic, as in a consumer group
    if (!life.isOver()) journal.tell(`instance ${number} takes no more records${replace(instance)}`)
    await closed
    if (life.isOver()) return
    life.end()
    journal.tell(`instance ${number} has ended`)
  }

  return {
    nextTopic() {
      const next = places[turn % size]?.instance
      turn += 1
      if (!next) throw new Error('a service has one instance at least')
      return { topic: next.topic, instance: next.number }
    },
    crash: number => crash(running(number).instance),
    stop: number => void stop(running(number)),
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
