import type { IngressProcess } from './ingress.ts'

const EVERY_MS = 1_000

/** In bytes. */
export interface Memory {
  readonly rss: number
  readonly heap: number
}

export async function memoryOf(ingress: IngressProcess): Promise<Memory> {
  return {
    rss: await ingress.metric('process_resident_memory_bytes'),
    heap: await ingress.metric('nodejs_heap_size_used_bytes'),
  }
}

/** Looks every second, until it is stopped. */
export function watchMemory(ingress: IngressProcess) {
  let last: Memory = { rss: 0, heap: 0 }
  let since: Memory[] = []
  const look = async () => {
    last = await memoryOf(ingress)
    since.push(last)
  }
  // a look that fails is one that is missing
  const timer = setInterval(() => void look().catch(() => {}), EVERY_MS)
  return {
    /** The most of each since this was asked last. */
    most(): Memory {
      const most = {
        rss: Math.max(0, ...since.map(({ rss }) => rss)),
        heap: Math.max(0, ...since.map(({ heap }) => heap)),
      }
      since = []
      return most
    },
    last: () => last,
    stop: () => clearInterval(timer),
  }
}
