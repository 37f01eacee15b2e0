import { defineConsumer } from '@hookline/consumer'
import { http } from '@hookline/service'
import { approval } from './effects/approval.ts'

/** Tells an HTTP API which orders are approved. */
export const newConsumer = defineConsumer({
  name: 'new-consumer',
  targets: { 'new-consumer': http() },
  effects: ({ 'new-consumer': api }) => [approval(api)],
})
