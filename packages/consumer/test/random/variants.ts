/** Which troubles a schedule has. */
export interface Variant {
  name: string
  /** Answers of the database that are lost, late, half or slow; outages. */
  database: boolean
  /** Processes that vanish, or stand still for longer than a lease. */
  processes: boolean
  /** Processes that are replaced as an operator does. */
  restarts: boolean
  /** Targets that fail, are slow, refuse, or do not answer. */
  targets: boolean
  /** One event kills whoever handles it, until a person mends it. */
  poison: boolean
  /** How many times as many schedules it gets. */
  weight: number
}

const calm = { database: false, processes: false, restarts: false, targets: false, poison: false, weight: 1 }

export const VARIANTS: readonly Variant[] = [
  { ...calm, name: 'everything', database: true, processes: true, restarts: true, targets: true, weight: 6 },
  { ...calm, name: 'database', database: true, weight: 4 },
  { ...calm, name: 'processes', processes: true, targets: true, weight: 2 },
  { ...calm, name: 'restarts', restarts: true, weight: 2 },
  { ...calm, name: 'targets', targets: true },
  { ...calm, name: 'poison', poison: true, weight: 2 },
  { ...calm, name: 'calm' },
]
