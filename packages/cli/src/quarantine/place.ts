import { declaredSources, REJECTED_TOPIC } from '@hookline/ingress/quarantine'

/** Where the quarantine is, and of whose requests. */
export interface QuarantinePlace {
  readonly topic: string
  readonly declared: typeof declaredSources
}

export const QUARANTINE: QuarantinePlace = { topic: REJECTED_TOPIC, declared: declaredSources }
