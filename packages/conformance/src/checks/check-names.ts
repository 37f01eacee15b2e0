interface About {
  /** What is guaranteed where it passes. */
  readonly guarantee: string
  /** What to do where it fails. */
  readonly cure: string
}

/** The checks, in the order in which they are told. */
export const CHECKS = {
  duplicates: {
    guarantee: 'A record that comes several times, also after a restart, asks the target once.',
    cure: 'Remember events in the database, by a unique index on their identity, not in a variable of the process.',
  },
  order: {
    guarantee: 'A `latest` effect never asks for something older after something newer, and ends with the newest.',
    cure: 'Keep the newest version for each order and effect in the database, and skip what is older.',
  },
  'every-fact': {
    guarantee: 'An `every` effect asks once for each event, however late it comes, under a key of its own.',
    cure: 'Make identity and key of the event, not only of order and name: a second refund is not the first one.',
  },
  'unreadable-record': {
    guarantee: 'A record that nobody can read, or of an unknown event, stops nobody.',
    cure: 'Decode inside try/catch, put what is unreadable into the dead-letter topic, and go on.',
  },
  poison: {
    guarantee: 'What the target refuses for good is not asked for again for ever, and stops nobody else.',
    cure: 'Throw `Permanent` for a 4xx, and let the others of the partition go on.',
  },
  outage: {
    guarantee: 'While a target is away nothing is lost: it is asked again later, under the same key.',
    cure: 'Let the error of a failed request out of the handler, and send `context.effectKey` as the key of each try.',
  },
  'lost-answer': {
    guarantee: 'A request whose answer was lost is made again, same key and bytes, before anything newer of its order.',
    cure: 'Send `context.effectKey` as the key, make the body from the event alone, and do not treat a time-out as a refusal.',
  },
  crash: {
    guarantee: 'After SIGKILL at any moment nothing is lost, and what is repeated keeps its key, once for each kill.',
    cure: 'Commit an offset only when the event is safe in the database, and derive the key from the event.',
  },
  rebalance: {
    guarantee:
      'When instances join and leave under load, nothing is lost, doubled, or done twice at a time for an order.',
    cure: 'Finish open requests on SIGTERM before leaving the group, and hold a lease on each order while its effect runs.',
  },
  'slow-handler': {
    guarantee: 'A target that takes longer than lease and session asks for patience, not for a second request.',
    cure: 'Run effects outside the Kafka handler, so that heartbeats go on, and renew the lease while they run.',
  },
  waiting: {
    guarantee: 'What comes before its order is known waits, and then runs in order.',
    cure: 'Store events of an unknown order, and run them by their version when `order.created` is done.',
  },
  'offset-reset': {
    guarantee: 'Offsets that are set back to the start lead to no new request.',
    cure: 'Decide by the database what is new, never by the offset.',
  },
} as const satisfies Readonly<Record<string, About>>

export type CheckName = keyof typeof CHECKS

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a literal
export const CHECK_NAMES = Object.keys(CHECKS) as readonly CheckName[]
