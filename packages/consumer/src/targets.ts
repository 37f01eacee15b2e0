import type { Static, TObject, TProperties } from 'typebox'

/** What a target's client is opened with, beside its own variables. */
export interface TargetParts {
  /** The target's name, such as `erp`: in errors, logs and metrics. */
  readonly name: string
  /** Milliseconds: `REQUEST_TIMEOUT_MS`. */
  readonly requestTimeoutMs: number
  /** Called when its breaker opens, half-opens or closes. */
  readonly onBreaker: (state: 'closed' | 'open' | 'half-open') => void
}

/** A client that is closed at the end. */
export interface TargetClient {
  close(): Promise<void> | void
}

/** A system that effects are made at, as data: what it reads from the environment, and how its client is opened. */
export interface Target<Client, V extends TProperties = TProperties> {
  /** What a stand-in for it has to speak, such as `http`. */
  readonly kind: string
  /** Without the target's name, which stands before each: `URL` of target `erp` is `ERP_URL`. */
  readonly variables: V
  // a method: a target with variables of its own is a target
  open(values: Static<TObject<V>>, parts: TargetParts): Client & TargetClient
}

/** Targets by name: `[a-z][a-z0-9-]*`. */
// oxlint-disable-next-line typescript/no-explicit-any -- a client of any type
export type Targets = Readonly<Record<string, Target<any, any>>>

/** The clients of targets, by the same names. */
export type Clients<T extends Targets> = { readonly [Name in keyof T]: T[Name] extends Target<infer C> ? C : never }
