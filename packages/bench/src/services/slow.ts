import { setTimeout as delay } from 'node:timers/promises'
import { defineConsumer, effect } from '@hookline/consumer'
import { runConsumer } from '@hookline/service'
import { effectLog } from './effect-log.ts'

// What ships, with an effect that waits as one does that asks somebody.

const { EFFECT_MS, EFFECT_LOG } = process.env
const note = effectLog(EFFECT_LOG)

const slow = effect({
  name: 'slow',
  policy: 'latest',
  on: { points: ['*'] },
  handler: async ({ order_id, version }) => {
    await delay(Number(EFFECT_MS))
    note(order_id, version)
  },
})

await runConsumer(defineConsumer({ name: 'bench-slow', effects: [slow] }))
