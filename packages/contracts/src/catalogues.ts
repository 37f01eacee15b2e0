import { hc } from './hc.ts'
import { points } from './points.ts'
import type { SourceCatalogue } from './source-catalogue.ts'

export type SourceName = 'points' | 'hc'

/** The senders that this project knows. Code that takes a `SourceCatalogue` works for others as well. */
export const catalogues: Readonly<Record<SourceName, SourceCatalogue>> = { points, hc }

/** The catalogue of a source by its name; undefined for a name that is not known. Total for any text. */
export function catalogueOf(source: string): SourceCatalogue | undefined {
  return isSourceName(source) ? catalogues[source] : undefined
}

/** Total for any text. */
export function isSourceName(source: string): source is SourceName {
  return Object.hasOwn(catalogues, source)
}
