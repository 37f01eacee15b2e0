import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Blow } from './blows.ts'
import { checkOutcome, checkThatBit } from './crash-checks.ts'
import { type Aftermath, openScene, type Scene, underLoad } from './crash-scene.ts'
import { crashTable } from './crash-table.ts'
import { killEverywhere, stopEverywhere } from './strike.ts'

// Two processes of each service: what one leaves is taken over by the other, while the first may come back to it.

let scene: Scene
let kills: readonly Blow[] = []
let stops: readonly Blow[] = []
let after: Aftermath

beforeAll(async () => {
  scene = await openScene(2)
  after = await underLoad(scene, async () => {
    kills = await killEverywhere(scene, 2)
    stops = await stopEverywhere(scene)
  })
  console.log(crashTable('SIGKILL, two processes of each service', kills))
  console.log(crashTable('SIGSTOP past the lease, then SIGCONT', stops))
}, 600_000)
afterAll(async () => {
  await scene?.close()
})

const struck = () => ({ scene, blows: [...kills, ...stops], after })
checkThatBit('SIGKILL', struck)
checkThatBit('SIGSTOP', struck)
checkOutcome(struck)

test('a process that goes on after its leases ran out finds that they are lost', () => {
  expect(stops.reduce((sum, { counts }) => sum + counts.lost, 0)).toBeGreaterThan(0)
})
