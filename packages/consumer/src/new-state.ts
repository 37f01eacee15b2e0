import { isDeepStrictEqual } from 'node:util'
import type { EffectState, Floors, LaneEffect } from '@hookline/delivery'
import type { Done } from './effect.ts'
import { Permanent } from './errors.ts'

/** The order record holds it for ever, and every claim of the order reads and writes it. */
const LARGEST_STATE_BYTES = 1_024

/**
 * What the effect keeps from now on, as JSON gives it back; undefined where nothing is new, which costs no write. Throws
 * `Permanent`, without showing what it was, for what cannot be kept: the handler must be mended.
 */
export function newState(done: void | Done, effect: LaneEffect, floors: Floors): EffectState | undefined {
  if (done?.state === undefined) return undefined
  const what = `the state of effect ${effect.name}`
  // what is kept is kept with the floor: an old event must not bring back what a newer one has changed
  if (effect.floor === undefined) throw new Permanent(`${what} is returned, but policy every keeps none`)
  const text = jsonOf(done.state)
  if (text === undefined) throw new Permanent(`${what} is no JSON object`)
  const bytes = Buffer.byteLength(text)
  if (bytes > LARGEST_STATE_BYTES) throw new Permanent(`${what} is ${bytes} bytes, over ${LARGEST_STATE_BYTES}`)
  const state: EffectState = JSON.parse(text)
  return isDeepStrictEqual(state, floors[effect.floor]?.state) ? undefined : state
}

function jsonOf(state: unknown): string | undefined {
  try {
    const text: unknown = JSON.stringify(state)
    return typeof text === 'string' && text.startsWith('{') ? text : undefined
  } catch {
    return undefined
  }
}
