import type { Change } from './change.ts'
import type { Field, Fields } from './fields.ts'

/**
 * What a reader of these fields loses. Narrower types break as well: what a handler reads has a value of another type
 * left out. So do new certainties: records that are in the topic, or at rest in an inbox, do not have them.
 */
export function fieldChanges(before: Fields, after: Fields): readonly Change[] {
  const changed = [...before].flatMap(([path, field]) => {
    const now = after.get(path)
    if (now) return changesOf(path, field, now)
    return isInside(path, one => before.has(one) && !after.has(one))
      ? []
      : [{ kind: 'field_removed' as const, field: path, before: told(field), after: '' }]
  })
  const added = [...after].flatMap(([path, field]) =>
    before.has(path) || !field.required || isInside(path, one => !before.has(one))
      ? []
      : [{ kind: 'newly_required' as const, field: path, before: '', after: told(field) }],
  )
  return [...changed, ...added]
}

function changesOf(field: string, before: Field, after: Field): readonly Change[] {
  const changes: Change[] = []
  if (before.types.join() !== after.types.join()) {
    changes.push({ kind: 'type_changed', field, before: before.types.join(' or '), after: after.types.join(' or ') })
  }
  if (before.required !== after.required) {
    const kind = before.required ? 'no_longer_certain' : 'newly_required'
    changes.push({ kind, field, before: certainty(before), after: certainty(after) })
  }
  return changes
}

/** Whether an object that the field is in, at any depth, is such a one: then that is the change to tell. */
function isInside(path: string, suchOne: (path: string) => boolean): boolean {
  const names = path.split('.')
  return names.some((_, depth) => depth > 0 && suchOne(names.slice(0, depth).join('.')))
}

function told(field: Field): string {
  return `${certainty(field)} ${field.types.join(' or ')}`
}

function certainty({ required }: Field): string {
  return required ? 'required' : 'optional'
}
