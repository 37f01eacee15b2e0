import { defineConsumer, effect } from '@hookline/consumer'
import { runConsumer } from '@hookline/service'

// What ships, with an effect that does nothing.

const nothing = effect({ name: 'nothing', policy: 'latest', on: { points: ['*'] }, handler: async () => {} })

await runConsumer(defineConsumer({ name: process.env['HOOKLINE_BENCH_NAME'] ?? 'bench-no-op', effects: [nothing] }))
