import type { BreakingChange, ChangeKind } from '@hookline/contracts'

const WHY: Readonly<Record<ChangeKind, string>> = {
  event_removed: 'the event is gone: its records would be those of an unknown event',
  event_renamed: 'the event has another name: nobody handles that',
  topic_changed: 'the topic is another one: nobody reads that',
  field_removed: 'the field is gone',
  type_changed: 'the field has another type: values of a type that is gone are left out, and nobody expects a new one',
  no_longer_certain: 'the field may be absent',
  newly_required: 'the field is required: records without it, those in the topics too, could not be read any more',
  identity_changed: 'the identity is another one: an event that is delivered again would be a new one',
  version_changed: 'the version is another one: what is newer would change',
  meaning_changed: 'the event means something else to its readers',
}

/** One block for each change, with a line for each group of events that the same services handle. */
export function told(changes: readonly BreakingChange[]): readonly string[] {
  const alike = Map.groupBy(changes, ({ source, kind, field = '', before, after }) =>
    JSON.stringify([source, kind, field, ...(field === '' ? [] : [before, after])]),
  )
  return [...alike.values()].flatMap(([first, ...rest]) => (first ? block([first, ...rest]) : []))
}

function block(alike: readonly [BreakingChange, ...BreakingChange[]]): readonly string[] {
  const { source, kind, field, before, after } = alike[0]
  const title = field === undefined ? `${source}: ` : `${source}, ${field}: `
  const values = [before !== '' && `was ${before}`, after !== '' && `is ${after}`].filter(part => part !== false)
  const lines = field === undefined ? [] : [`  ${values.join(', ')}`]
  const byServices = Map.groupBy(alike, ({ services }) => services.join(', '))
  const events = [...byServices].map(([services, those]) => {
    const names = those.map(one => (one.kind === 'event_renamed' ? `${one.event} (now ${one.after})` : one.event))
    return `  ${names.join(', ')}: handled by ${services || 'no service here; others may read it'}`
  })
  return [title + WHY[kind], ...lines, ...events]
}
