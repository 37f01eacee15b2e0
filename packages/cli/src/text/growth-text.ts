import type { Look } from '../answer.ts'
import type { GrowthPlan } from '../growth/growth-plan.ts'
import { hasFound, nameOf, type Party, type Reader } from '../growth/parties.ts'
import { paragraph } from './paragraph.ts'
import { table } from './table.ts'

/** What will happen, before anybody is asked. */
export function planText(plan: GrowthPlan, look: Look): string {
  const { topic, from, to, brokers, parties } = plan
  return [
    look.paint('title', `${topic} on ${brokers.join(', ')}: ${from} partitions now, ${to} afterwards`),
    '',
    ...readersTable(parties, to),
    '',
    ...[
      'Kafka takes no partitions away: this cannot be undone.',
      'Later events of an order may come to another partition than its earlier ones, and so to another instance. Their order is kept all the same: it is in the order record of each service, by last_webhook_at, not in the partition.',
      'Each group shares its partitions out anew. What was fetched and not committed comes again, and is dropped as a duplicate.',
      ...fileNotes(plan),
      ...writerNotes(plan),
    ].flatMap(note => item(note, look)),
  ].join('\n')
}

/** How it ended. */
export function grownText(
  { topic, from, to, parties }: GrowthPlan,
  { seconds, look }: { seconds: number; look: Look },
): string {
  const was = from === to ? 'it had them before' : `${from} before`
  const rows = parties.map(party => [
    nameOf(party),
    party.role === 'reads' ? `${party.instances.length}` : '',
    foundCell(party, to),
    party.role === 'reads' ? shares(party.instances) : '',
  ])
  const columns = [{ title: 'WHO' }, { title: 'INSTANCES', align: 'right' as const }, { title: 'FOUND' }]
  const all = parties.every(party => hasFound(party, to))
  return [
    look.paint('title', `${topic} has ${to} partitions (${was}).`),
    ...(rows.length === 0 ? [] : table([...columns, { title: 'EACH HOLDS' }], rows)),
    ...(all ? [look.paint('good', foundText(rows.length, seconds))] : []),
  ].join('\n')
}

function foundText(parties: number, seconds: number): string {
  return parties === 0
    ? 'Nobody reads or writes it, as far as is known here.'
    : `Everybody here has found them, after ${seconds} s.`
}

/** What is still to be done by hand, a sentence each. */
export function fileNotes({ topic, to, file }: Pick<GrowthPlan, 'topic' | 'to' | 'file'>): readonly string[] {
  if (file === null)
    return [`Write partitions: ${to} for ${topic} into your topics file, too: \`hookline topics check\` compares.`]
  if (file.partitions === to) return []
  return [
    `${file.path} says ${file.partitions}: write partitions: ${to} for ${topic} there, or \`hookline topics check\` complains.`,
  ]
}

/** Why nobody waits for the writers, where none is known. */
function writerNotes({ parties }: Pick<GrowthPlan, 'parties'>): readonly string[] {
  if (parties.some(({ role }) => role === 'writes')) return []
  return [
    'No ingress that writes to it is known here, so none is waited for: each finds new partitions by itself within 15 s, and says so in hookline_publisher_partitions. Name their admin servers with --ingress to wait for them.',
  ]
}

function readersTable(parties: readonly Party[], to: number): readonly string[] {
  const readers = parties.filter(party => party.role === 'reads')
  if (readers.length === 0) return ['No consumer group reads it.']
  const rows = readers.map(({ group, instances, state }) => [
    group,
    `${instances.length}`,
    state === 'stable' ? shares(instances) : state === 'empty' ? 'no instance now' : 'rebalancing',
    willHold(instances.length, to),
  ])
  const instances = { title: 'INSTANCES', align: 'right' as const }
  return table([{ title: 'READ BY' }, instances, { title: 'EACH HOLDS' }, { title: 'WILL HOLD' }], rows)
}

function foundCell(party: Party, partitions: number): string {
  if (party.role === 'reads' && party.state === 'empty') return 'when it starts'
  if (party.found === null) return party.role === 'reads' ? 'rebalancing' : 'does not answer'
  return `${party.found} of ${partitions}`
}

/** `12` or `3 to 4`. */
function shares(instances: Reader['instances']): string {
  const known = instances.filter(count => count !== null)
  if (known.length === 0) return ''
  return range(Math.min(...known), Math.max(...known))
}

function willHold(instances: number, partitions: number): string {
  if (instances === 0) return 'all, shared by those that start'
  const least = Math.floor(partitions / instances)
  return least === 0 ? `0 to 1: ${instances - partitions} idle` : range(least, Math.ceil(partitions / instances))
}

function range(least: number, most: number): string {
  return least === most ? `${least}` : `${least} to ${most}`
}

function item(note: string, { width }: Look): readonly string[] {
  const [first = '', ...others] = paragraph(note, { width, indent: 2 })
  return [`- ${first.slice(2)}`, ...others]
}
