import { catalogueOf } from '@hookline/contracts'
import type { Consumer } from './define-consumer.ts'

/** An event that an effect is for and that no catalogue describes: new at its sender, or mistyped, and then never handled. */
export interface Undescribed {
  readonly effect: string
  readonly source: string
  /** Absent: nothing is known of the source at all. */
  readonly event?: string
}

/** What a consumer's effects are for that no catalogue describes. Patterns are for what nobody has described yet. */
export function undescribed({ effects }: Pick<Consumer, 'effects'>): readonly Undescribed[] {
  return effects.flatMap(({ name: effect, on }) =>
    Object.entries(on).flatMap(([source, names]): Undescribed[] => {
      const catalogue = catalogueOf(source)
      if (!catalogue) return [{ effect, source }]
      const unknown = names.filter(name => !name.endsWith('*') && !Object.hasOwn(catalogue.events, name))
      return unknown.map(event => ({ effect, source, event }))
    }),
  )
}
