import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Step } from '@hookline/consumer/loop'

const CHANNEL = 'hookline:step'

/**
 * Calls `onStep` once, when `isHere` first says so while a loop comes to `step`. The channel is the whole process's: `isHere`
 * tells this test's loops from those of others.
 */
export function onceAt(step: Step, isHere: () => boolean, onStep: () => void): void {
  const listen = (message: unknown) => {
    if (!isStep(message, step) || !isHere()) return
    unsubscribe(CHANNEL, listen)
    onStep()
  }
  subscribe(CHANNEL, listen)
}

function isStep(message: unknown, step: Step): boolean {
  return typeof message === 'object' && message !== null && 'step' in message && message.step === step
}
