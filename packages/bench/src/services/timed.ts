import { defineConsumer, effect } from '@hookline/consumer'
import { runConsumer } from '@hookline/service'
import { effectLog } from './effect-log.ts'

// What ships, with an effect that notes when it was done, milliseconds since 1970.

const note = effectLog(process.env['EFFECT_LOG'])

const timed = effect({
  name: 'timed',
  policy: 'latest',
  on: { points: ['*'] },
  handler: async ({ order_id, version }) => note(order_id, version, performance.timeOrigin + performance.now()),
})

await runConsumer(defineConsumer({ name: 'bench-timed', effects: [timed] }))
