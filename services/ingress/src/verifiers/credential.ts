/** A header field by which a request proves that it is its sender's own, in words for the sender. */
export interface Credential {
  /** In lower case. */
  readonly name: string
  /** A sentence or two. */
  readonly description: string
}
