import { isUtf8 } from 'node:buffer'
import { isObject, type JsonObject } from './path.ts'
import { type DecidingObject, type ScanFault, scanJson } from './scan-json.ts'
import type { SourceCatalogue } from './source-catalogue.ts'

type JsonFault = ScanFault | 'not_utf8' | 'not_json' | 'not_an_object' | 'duplicate_key'

export type Parsed =
  | { readonly ok: true; readonly value: JsonObject; readonly text: string }
  | { readonly ok: false; readonly fault: JsonFault }

/** Valid UTF-8 without a byte order mark, holding one JSON object as `parseObject` takes it. Total for any bytes. */
export function parseBytes(bytes: Buffer, deciding: DecidingObject): Parsed {
  return isUtf8(bytes) ? parseObject(bytes.toString('utf8'), deciding) : { ok: false, fault: 'not_utf8' }
}

/**
 * One JSON object, not too deep and not too large, no infinite numbers, no poisoned prototype, and in the objects that
 * decide no key twice, as two readers could take different ones for true. Elsewhere the last of two keys counts.
 */
export function parseObject(text: string, deciding: DecidingObject): Parsed {
  const counts: number[] = []
  const fault = scanJson(text, deciding, counts)
  if (fault) return { ok: false, fault }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { ok: false, fault: 'not_json' }
  }
  if (!isObject(value)) return { ok: false, fault: 'not_an_object' }
  return hasRepeatedKey(value, deciding, counts) ? { ok: false, fault: 'duplicate_key' } : { ok: true, value, text }
}

function hasRepeatedKey(value: JsonObject, deciding: DecidingObject, counts: readonly number[]): boolean {
  if ((counts[deciding.index] ?? 0) !== Object.keys(value).length) return true
  return deciding.members.some(({ name, object }) => {
    const member = value[name]
    return isObject(member) && hasRepeatedKey(member, object, counts)
  })
}

/** An object of which only the root's own keys must be unique. */
export const ROOT_ONLY: DecidingObject = { index: 0, members: [] }

const decidingOf = new WeakMap<SourceCatalogue, DecidingObject>()

/** The objects of a source's body that a path of its catalogue leads through. */
export function decidingObjects(source: SourceCatalogue): DecidingObject {
  const known = decidingOf.get(source)
  if (known) return known
  const found = collect(source)
  decidingOf.set(source, found)
  return found
}

interface Growing {
  readonly index: number
  readonly members: { readonly name: string; readonly object: Growing }[]
}

function collect(source: SourceCatalogue): DecidingObject {
  const rules = [...Object.values(source.events), ...source.families.map(family => family.rule), source.unknown]
  const paths = [source.eventAt, source.timeAt, ...rules.flatMap(rule => rule.orderIdAt)]
  if (source.storeAt) paths.push(source.storeAt)
  if (source.statusRank) paths.push(source.statusRank.at)
  if (source.occurrence.from === 'event_id') paths.push(source.occurrence.at)

  const root: Growing = { index: 0, members: [] }
  let count = 1
  for (const path of paths) {
    let object = root
    for (const name of path.slice(0, -1)) {
      let member = object.members.find(candidate => candidate.name === name)
      if (!member) {
        member = { name, object: { index: count++, members: [] } }
        object.members.push(member)
      }
      object = member.object
    }
  }
  return root
}
