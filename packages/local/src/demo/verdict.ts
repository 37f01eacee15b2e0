import { FINDING_KINDS, type Finding, type FindingKind } from './findings.ts'

const SHOWN_ORDERS = 12
const SHOWN_PER_ORDER = 3

export interface Verdict {
  readonly right: boolean
  /** What is wrong, each kind once, the commonest first; what only follows from another kind is last. */
  readonly wrong: readonly { readonly kind: FindingKind; readonly count: number; readonly sentence: string }[]
  /** By order id, what was seen of it. */
  readonly orders: ReadonlyMap<string, readonly Finding[]>
}

export function verdictOf(findings: readonly Finding[]): Verdict {
  const wrong = [...Map.groupBy(findings, ({ kind }) => kind)]
    .map(([kind, found]) => ({ kind, count: found.length, sentence: FINDING_KINDS[kind] }))
    .sort((a, b) => Number(follows(a.kind)) - Number(follows(b.kind)) || b.count - a.count)
  return { right: findings.length === 0, wrong, orders: Map.groupBy(findings, ({ order }) => order.id) }
}

/** A state that is not the newest is made by an effect that was lost, doubled or went back. */
function follows(kind: FindingKind): boolean {
  return kind === 'not newest'
}

/** `lookAt`: the command that tells what the services know of an order. */
export function verdictText({ right, wrong, orders }: Verdict, lookAt: (orderId: string) => string): string {
  if (right)
    return 'Verdict: all is as it must be. What was acked had its effects once, and every order ended at its newest state.'
  const lines = [
    'Verdict: NOT as it must be.',
    ...wrong.map(({ count, sentence }) => `  ${count} ${sentence}`),
    '',
    ...[...orders].slice(0, SHOWN_ORDERS).flatMap(([id, findings]) => orderLines(id, findings, lookAt(id))),
  ]
  if (orders.size > SHOWN_ORDERS) lines.push(`and ${orders.size - SHOWN_ORDERS} more orders (--json has them all)`)
  return lines.join('\n')
}

function orderLines(id: string, findings: readonly Finding[], lookAt: string): string[] {
  const shown = findings.slice(0, SHOWN_PER_ORDER).map(({ target, seen }) => `  ${target ?? 'ingress'} ${seen}`)
  const more = findings.length - shown.length
  return [`order ${id}`, ...shown, ...(more > 0 ? [`  and ${more} more`] : []), `  ${lookAt}`]
}
