/** That a service does something for an event of a source. */
export interface HandledBy {
  readonly service: string
  readonly source: string
  /** As in the catalogue; `order.*` for what is known by its family alone, `*` for any other name. */
  readonly event: string
  /** The names of the effects, in declared order. Empty: to this service the event only makes its order known. */
  readonly effects: readonly string[]
}
