import type { Look } from '../answer.ts'
import type { DeadShowDocument } from '../commands/dead-show.ts'
import { clean } from './clean.ts'
import { DEAD_REASONS } from './dead-reason.ts'
import { paragraph } from './paragraph.ts'
import { when } from './time.ts'

export function deadShowText(event: DeadShowDocument, look: Look): string {
  const { now, reason, last_error, answer, redriven, raw } = event
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['order', `${event.order_id} (${event.source})`],
    ['sent', when(event.last_webhook_at, now)],
    ['received', when(event.received_at, now)],
    ['version', event.version],
    ['died', when(event.dead_at, now)],
    ['reason', `${reason}: ${DEAD_REASONS[reason]}`],
    ['used up', `${event.tries} tries, ${event.lost_leases} lost leases`],
    ['last error', last_error],
    ['answer', answer],
    ['not done', event.effects_to_do.join(', ')],
    ['in doubt', event.unsure ? 'an attempt may have been executed all the same' : undefined],
    ['holds', event.holds ? 'nothing of its order passes it' : undefined],
    ['redriven', redriven && `${when(redriven.at, now)} by ${redriven.by}: ${redriven.why} (${redriven.redrive})`],
  ]
  const lines = facts.flatMap(([name, value]) => {
    if (value === undefined || value === '') return []
    const [first = '', ...rest] = paragraph(value, { ...look, indent: 14 })
    return [`  ${name.padEnd(12)}${first.trimStart()}`, ...rest]
  })
  const title = `${look.paint('title', clean(event.event))} is dead in ${event.service}, event id ${event.id}`
  return [title, ...lines, ...(raw ? rawLines(raw) : [])].join('\n')
}

function rawLines({ headers, body }: NonNullable<DeadShowDocument['raw']>): readonly string[] {
  const told = Object.entries(headers).map(([name, value]) => `  ${clean(name)}: ${clean(value)}`)
  return ['', 'As it came:', ...told, '', clean(body)]
}
