import { afterAll, beforeAll } from 'vitest'
import type { Blow } from './blows.ts'
import { checkOutcome, checkThatBit } from './crash-checks.ts'
import { type Aftermath, openScene, type Scene, underLoad } from './crash-scene.ts'
import { crashTable } from './crash-table.ts'
import { killEverywhere } from './strike.ts'

// One process of each service: what a kill leaves is found by the process that replaces it.

let scene: Scene
let blows: readonly Blow[] = []
let after: Aftermath

beforeAll(async () => {
  scene = await openScene(1)
  after = await underLoad(scene, async () => {
    blows = await killEverywhere(scene, 1)
  })
  console.log(crashTable('SIGKILL, one process of each service', blows))
}, 600_000)
afterAll(async () => {
  await scene?.close()
})

checkThatBit('SIGKILL', () => ({ scene, blows, after }))
checkOutcome(() => ({ scene, blows, after }))
