import { type Evidence, isAck } from './evidence.ts'
import { type Finding, nameOf } from './findings.ts'

/** What is genuine is acked, and what is not has no effect; nobody did what nobody asked for. */
export function checkDeliveries({ delivered, strangers }: Evidence): Finding[] {
  const findings: Finding[] = []
  for (const [event, { acked, requests }] of delivered) {
    const { order, genuine } = event
    const answers = requests.map(({ status }) => status).join(', ') || 'never sent'
    if (genuine && !acked) findings.push({ kind: 'not acked', order, seen: `${nameOf(event)}: ${answers}` })
    if (!genuine && requests.some(({ status }) => isAck(status))) {
      findings.push({ kind: 'forgery accepted', order, seen: `${nameOf(event)}: ${answers}` })
    }
  }
  for (const { target, entry, event } of strangers) {
    const seen = `${entry.effect}: ${entry.event} ${entry.version}`
    const order = event?.order ?? { id: entry.order_id }
    findings.push({ kind: event?.genuine === false ? 'forgery executed' : 'not asked for', order, target, seen })
  }
  return findings
}
