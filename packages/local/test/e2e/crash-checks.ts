import { expect, test } from 'vitest'
import { type Blow, effective, mailsWithSeveralIds, unexplainedRepeats } from './blows.ts'
import { allPoints } from './crash-points.ts'
import type { Aftermath, Scene } from './crash-scene.ts'
import { repeats, wrongOutcomes } from './outcome.ts'
import { wrongRecords } from './records.ts'
import { deadEntries } from './store.ts'
import { TARGETS } from './targets.ts'
import { lettersMissing } from './unreadable.ts'

/** What is to be looked at once all is settled. */
export interface Struck {
  readonly scene: Scene
  readonly blows: readonly Blow[]
  readonly after: Aftermath
}

/** That each fault bit: a run in which one did not has tested nothing there. */
export function checkThatBit(signal: Blow['signal'], struck: () => Struck): void {
  const of = () => struck().blows.filter(blow => blow.signal === signal)

  test.each(allPoints())(`%s was hit by ${signal} at %s`, (service, point) => {
    expect(of().filter(blow => blow.service === service && blow.point === point).length).toBe(1)
  })

  test(`${signal} was felt: records came again, leases were taken over, requests repeated under their keys`, () => {
    const sum = (name: keyof Blow['counts']) => of().reduce((all, { counts }) => all + counts[name], 0)
    expect(sum('redelivered')).toBeGreaterThan(0)
    expect(sum('taken_over')).toBeGreaterThan(0)
    for (const target of TARGETS) expect(repeats(struck().after.ledgers[target]).length, target).toBeGreaterThan(0)
  })
}

/** That none of it shows at the targets, in the stores and in the dead-letter topics. */
export function checkOutcome(struck: () => Struck): void {
  test('nothing is lost, nothing is done twice, nothing is out of order, and the newest comes last', () => {
    const { after } = struck()
    expect(after.orders.length).toBeGreaterThanOrEqual(50)
    expect(wrongOutcomes(after.orders, effective(after.ledgers), { lateRequests: true })).toEqual([])
  })

  test('a request is repeated only after a refusal or a blow, once for each, and a mail keeps its Message-ID', () => {
    const { after, blows } = struck()
    expect(TARGETS.flatMap(target => unexplainedRepeats(target, after.ledgers, blows))).toEqual([])
    expect(mailsWithSeveralIds(after.ledgers)).toEqual([])
  })

  test('nothing is dead, and every order record is at rest, with the floors that its target has', async () => {
    const { scene, after } = struck()
    expect(await deadEntries(scene.mongo)).toEqual([])
    expect(await wrongRecords(scene.mongo, after.ledgers)).toEqual([])
  })

  test('a record that nobody can read is in the dead-letter topic of each service', async () => {
    const { scene } = struck()
    expect(scene.unreadable.sent().length).toBeGreaterThan(0)
    expect(await lettersMissing(scene.stack.info, scene.unreadable)).toEqual([])
  })
}
