import { lost, repeated } from '../../checks/judge.ts'
import { catalogues, type SourceName } from '@hookline/contracts'
import { newOrder, PARTITIONS } from '../../events/order.ts'
import { order, type Suite } from '../../suite.ts'
import type { Scenario } from '../scenario.ts'

const GARBAGE = [Buffer.from('no JSON at all {'), Buffer.from('{"specversion":"1.0"}'), Buffer.from([0xff, 0xfe, 0x00])]

/** An order in each partition of each source that it reads: what must go on behind what nobody can read. */
export function behindUnreadable(suite: Suite): readonly Scenario[] {
  return sourcesOf(suite).flatMap(source => {
    const cycle = suite.references.find(one => one.source === source)?.cycle
    if (cycle === undefined) return []
    return Array.from({ length: PARTITIONS }, (_, partition): Scenario => {
      const one = order(suite, cycle, { partition })
      const dues = suite.reference.dues(one)
      return {
        check: 'unreadable-record',
        order: one,
        first: one.events,
        judge: requests => [...lost(one, dues, requests), ...repeated(requests)],
      }
    })
  })
}

/** Puts them in front: garbage into every partition, and an event whose name nobody knows. */
export async function publishUnreadable(suite: Suite): Promise<void> {
  const { kafka } = suite.stage
  for (const source of sourcesOf(suite)) {
    const { topic } = catalogues[source]
    await Promise.all(GARBAGE.map(value => kafka.publishToAll(topic, value)))
    const name = source === 'points' ? 'unheard_of' : 'order.unheard_of'
    const unknown = newOrder(suite.declared.consumer, { source, steps: [{ event: name, atSeconds: 0 }] }, { cycle: -1 })
    suite.stage.targets.recorder.expect(unknown)
    for (const { record } of unknown.events) await kafka.publish(topic, record)
  }
}

function sourcesOf(suite: Suite): readonly SourceName[] {
  return [...new Set(suite.references.map(({ source }) => source))]
}
