import type { Config } from '@hookline/service'
import { Type } from 'typebox'
import { secretProblem } from './secret-rules.ts'

/** The variables that the ingress reads beside the shared ones. */
export const ingressConfig = Type.Object({
  HOST: Type.String({ default: '0.0.0.0' }),
  PORT: Type.Integer({ default: 8080, minimum: 0, maximum: 65_535 }),
  POINTS_WEBHOOK_SECRET: Type.Optional(
    Type.String({
      description: 'the secret that Points gave when the webhook was registered; without it there is no route',
    }),
  ),
  HC_WEBHOOK_SECRET: Type.Optional(
    Type.String({ description: "Headless Commerce's webhook secret, whsec_ included; without it there is no route" }),
  ),
  HC_STORE_ID: Type.Optional(Type.String({ description: 'events of another store are refused' })),
  MAX_IN_FLIGHT: Type.Integer({ default: 5_000, minimum: 1, description: 'requests at a time; above it 503' }),
  MAX_IN_FLIGHT_BYTES: Type.Integer({
    default: 67_108_864,
    minimum: 1_048_576,
    description: 'bytes of their bodies; above it 503',
  }),
})

export type IngressConfig = Config<typeof ingressConfig>

/** What is wrong with these values together; empty when nothing is. */
export function configProblems(config: IngressConfig): readonly string[] {
  const secrets = {
    POINTS_WEBHOOK_SECRET: config.POINTS_WEBHOOK_SECRET,
    HC_WEBHOOK_SECRET: config.HC_WEBHOOK_SECRET,
  }
  const set = Object.entries(secrets).filter(([, secret]) => secret !== undefined)
  if (set.length === 0) return [`no source has a secret: set ${Object.keys(secrets).join(' or ')}`]
  if (config.HOOKLINE_ENV !== 'production') return []
  return set.flatMap(([name, secret = '']) => {
    const problem = secretProblem(secret)
    return problem === undefined ? [] : [`${name} ${problem}: set it to the secret that the sender's API returned`]
  })
}
