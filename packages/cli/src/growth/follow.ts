import { setTimeout as delay } from 'node:timers/promises'
import { hasFound, nameOf, type Party } from './parties.ts'

const EVERY_MS = 500

export interface FollowOptions {
  /** Partitions that everybody is to find. */
  readonly partitions: number
  readonly look: () => Promise<readonly Party[]>
  /** One line for the person who waits, when something has changed. */
  readonly say: (line: string) => void
  readonly limitMs: number
  /** The person has seen enough. */
  readonly signal: AbortSignal
}

export interface Followed {
  readonly end: 'complete' | 'limit' | 'interrupted'
  /** As of the last look that was answered; `undefined` where none was. */
  readonly parties: readonly Party[] | undefined
}

/** Looks until everybody has found the partitions. A look that fails is repeated: Kafka may be busy with what we asked of it. */
export async function follow({ partitions, look, say, limitMs, signal }: FollowOptions): Promise<Followed> {
  const deadline = performance.now() + limitMs
  const said = new Map<string, string>()
  let parties: readonly Party[] | undefined
  for (;;) {
    parties = (await look().catch(() => undefined)) ?? parties
    for (const party of parties ?? []) {
      const line = progressText(party, partitions)
      if (said.get(nameOf(party)) !== line) say(line)
      said.set(nameOf(party), line)
    }
    if (parties?.every(party => hasFound(party, partitions))) return { end: 'complete', parties }
    if (signal.aborted) return { end: 'interrupted', parties }
    if (performance.now() >= deadline) return { end: 'limit', parties }
    await delay(EVERY_MS, undefined, { signal }).catch(() => undefined)
  }
}

export function progressText(party: Party, partitions: number): string {
  const name = nameOf(party)
  if (party.role === 'writes') {
    return party.found === null ? `${name} does not answer` : `${name} writes to ${party.found} of ${partitions}`
  }
  switch (party.state) {
    case 'empty':
      return `${name} has no instance now`
    case 'rebalancing':
      return `${name} shares its partitions out anew`
    case 'stable':
      return `${name} holds ${party.found ?? 0} of ${partitions}`
  }
}
