import type { Look } from '../answer.ts'
import type { RedrivePlanDocument } from '../commands/redrive-plan.ts'
import type { PlannedDead, ServicePlan } from '../redrive/plan-document.ts'
import { counted } from './counted.ts'
import { FORECAST_KINDS, FORECASTS, forecastDetail } from './forecast-text.ts'
import { paragraph } from './paragraph.ts'
import { table } from './table.ts'
import { toTheSecond } from './time.ts'

/** Of each service the counts, then every event. */
export function planText({ services }: RedrivePlanDocument, look: Look): string {
  const names = Object.keys(services)
  const sections = Object.entries(services).flatMap(([service, plan]) => {
    if (plan.dead.length === 0 && plan.not_dead.length === 0 && plan.after_terminal_left === 0) return []
    return [[...planHead(service, plan, look), ...eventLines(plan, look)].join('\n')]
  })
  return sections.length === 0 ? `Nothing of that is dead in ${names.join(', ')}.` : sections.join('\n\n')
}

/** How many events would end how, and what the person should know of them. */
export function planHead(service: string, plan: ServicePlan, look: Look): readonly string[] {
  const { dead, events, orders, counts } = plan
  const lines = table(
    [{ title: 'A REDRIVE' }, { title: 'EVENTS', align: 'right' }],
    FORECAST_KINDS.flatMap(kind => (counts[kind] === 0 ? [] : [[FORECASTS[kind].word, `${counts[kind]}`]])),
  )
  const title = `${look.paint('title', service)}: ${dead.length} dead, would give back ${counted(events, 'event')} of ${counted(orders, 'order')}`
  return [
    title,
    ...(dead.length === 0 ? [] : lines.map(line => `  ${line}`)),
    ...notes(plan).flatMap(text => paragraph(text, { ...look, indent: 2 })),
  ]
}

function notes({ dead, not_dead, after_terminal_left, more, digest }: ServicePlan): readonly string[] {
  const unsure = dead.filter(one => one.unsure && one.gives_back).length
  const released = dead.filter(one => one.reason === 'after_terminal' && one.gives_back).length
  return [
    ...(unsure > 0
      ? [`${unsure} may have been executed before: the target sees the same key once more, a mail may come twice.`]
      : []),
    ...(released > 0 ? [`${released} pass a cancellation or a full refund: you release them.`] : []),
    ...(after_terminal_left > 0
      ? [
          `${after_terminal_left} more are dead after_terminal and are left: each is a decision, ask for them by --reason after_terminal or by id.`,
        ]
      : []),
    ...not_dead.map(({ id, state }) => `${id}: ${NOT_DEAD[state]}.`),
    ...(more ? ['There are more: this is up to --limit, and no order is cut.'] : []),
    ...(dead.length > 0 ? [`digest ${digest}: \`redrive run --expect\` it to do this or nothing.`] : []),
  ]
}

const NOT_DEAD = {
  done: 'already done',
  stale: 'already done (stale)',
  open: 'already done: given back before, or it does not match the other options',
  unknown: 'no event of that id',
} as const

function eventLines({ dead }: ServicePlan, look: Look): readonly string[] {
  if (dead.length === 0) return []
  const [titles, ...lines] = table(
    [{ title: 'DIED (UTC)' }, { title: 'EVENT' }, { title: 'FORECAST', paint: text => paintWord(text, look) }],
    dead.map(({ dead_at, event, forecast }) => [toTheSecond(dead_at), event, FORECASTS[forecast.kind].word]),
  )
  const told = dead.flatMap((one, n) => [
    `  ${lines[n]}`,
    ...detail(one).flatMap(text => paragraph(text, { ...look, indent: 6 })),
  ])
  return [`  ${titles}`, ...told]
}

function detail({ source, order_id, id, reason, forecast }: PlannedDead): readonly string[] {
  return [`order ${order_id} (${source}), event id ${id}, ${reason}`, forecastDetail(forecast)]
}

function paintWord(text: string, look: Look): string {
  const found = Object.values(FORECASTS).find(({ word }) => word === text)
  return found ? look.paint(found.tone, text) : text
}
