export type UnreadableCode = 'empty' | 'not_utf8' | 'no_data' | 'invalid_attributes' | 'invalid_data'

const REASONS: Readonly<Record<UnreadableCode, string>> = {
  empty: 'The record has no value.',
  not_utf8: 'The record is not valid UTF-8.',
  no_data: 'The record is no structured CloudEvent that ends with its data.',
  invalid_attributes: 'An attribute of the record is missing, not usable, or contradicts another.',
  invalid_data: 'The data is not the JSON object that its source sends.',
}

/** A record that no consumer can make an event of. Its message never holds a part of the record. */
export class UnreadableRecord extends Error {
  override readonly name = 'UnreadableRecord'
  readonly code: UnreadableCode

  constructor(code: UnreadableCode) {
    super(REASONS[code])
    this.code = code
  }
}
