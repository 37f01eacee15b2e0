import { CLOCK_ERROR_MS, type World } from './world.ts'

/** One process of the consumer, which may stand still or vanish wherever it waits. */
export interface Machine {
  readonly name: string
  isAlive(): boolean
  isPaused(): boolean
  pause(ms: number): void
  /** SIGKILL: nothing comes back to it. What it has sent goes on. */
  kill(): void
  /** What comes back to the process: at once, after its pause, or never. */
  back<T>(coming: Promise<T>): Promise<T>
  /** The server's time, as it knows it. */
  clock(): number
}

export function createMachine(world: World, name: string): Machine {
  const { time, random } = world
  let alive = true
  let pausedUntilMs = 0
  const never = new Promise<never>(() => {})

  async function runs(): Promise<void> {
    while (alive && time.nowMs() < pausedUntilMs) await time.sleep(pausedUntilMs - time.nowMs())
    if (!alive) await never
  }

  return {
    name,
    isAlive: () => alive,
    isPaused: () => time.nowMs() < pausedUntilMs,
    pause(ms) {
      pausedUntilMs = Math.max(pausedUntilMs, time.nowMs() + ms)
    },
    kill() {
      alive = false
    },
    async back(coming) {
      try {
        return await coming
      } finally {
        await runs()
      }
    },
    clock: () => time.nowMs() + random.below(2 * CLOCK_ERROR_MS + 1) - CLOCK_ERROR_MS,
  }
}
