import type { Config } from '@hookline/service'
import { Type } from 'typebox'
import { MAX_BODY_BYTES, PUBLISH_TIMEOUT_MS, REQUEST_TIMEOUT_MS } from './limits.ts'
import { environmentSecrets } from './secrets/environment.ts'
import { FINGERPRINT } from './secrets/fingerprint.ts'
import { noSecret } from './secrets/load.ts'
import type { SecretsConfig } from './secrets/load.ts'
import { secretsProblems } from './secrets/rules.ts'
import { declaredSources } from './sources/declared-sources.ts'
import type { SourceDeclaration } from './sources/source.ts'
import { sourceVariables } from './sources/variables.ts'
import type { SourceValues } from './sources/variables.ts'
import type { TlsPaths } from './tls/certificate.ts'
import { trustedProxies } from './trusted-proxies.ts'

const ofAllSources = {
  HOST: Type.String({ default: '0.0.0.0' }),
  PORT: Type.Integer({ default: 8080, minimum: 0, maximum: 65_535 }),
  DRAIN_MS: Type.Integer({
    default: 0,
    minimum: 0,
    description: 'how long a closing process still takes connections while /health says 503, in milliseconds',
  }),
  TRUSTED_PROXIES: Type.Optional(
    Type.String({
      description: 'CIDR ranges separated by commas; only these are believed when they say whose request it is',
    }),
  ),
  TLS_CERT_PATH: Type.Optional(
    Type.String({ description: 'the certificate in PEM, with its chain; set: TLS instead of plain HTTP' }),
  ),
  TLS_KEY_PATH: Type.Optional(Type.String({ description: "the certificate's key in PEM" })),
  TLS_CLIENT_CA_PATH: Type.Optional(
    Type.String({ description: 'CAs in PEM; set: a client needs a certificate that one of them signed' }),
  ),
  TLS_POLL_MS: Type.Integer({
    default: 5_000,
    minimum: 100,
    description: 'how often these files are looked at, in milliseconds',
  }),
  WEBHOOK_SECRETS_PATH: Type.Optional(
    Type.String({ description: 'a secrets file, or a folder of them, read again while the process runs' }),
  ),
  WEBHOOK_SECRETS_POLL_MS: Type.Integer({
    default: 5_000,
    minimum: 100,
    description: 'how often it is looked at, in milliseconds',
  }),
  PRODUCTION_SECRET_FINGERPRINTS: Type.Optional(
    Type.String({
      description: "fingerprints of production's secrets, separated by commas: none of them is used here",
    }),
  ),
  MAX_CONNECTIONS: Type.Integer({
    default: 20_000,
    minimum: 1,
    description: 'open connections; above it the one that was quiet for longest is closed',
  }),
  MAX_IN_FLIGHT: Type.Integer({ default: 5_000, minimum: 1, description: 'requests at a time; above it 503' }),
  MAX_IN_FLIGHT_BYTES: Type.Integer({
    default: 67_108_864,
    minimum: 2 * MAX_BODY_BYTES,
    description: 'bytes of their bodies; above it 503',
  }),
  QUARANTINE_MAX_RECORDS: Type.Integer({
    default: 10_000,
    minimum: 1,
    description: 'requests of one source that failed verification and are kept; of verified ones ten times as many',
  }),
  QUARANTINE_MAX_BYTES: Type.Integer({
    default: 67_108_864,
    minimum: 1_048_576,
    description: 'bytes of them; of verified ones ten times as many',
  }),
}

/** The variables that the ingress reads beside the shared ones; each source adds its own. */
export const ingressConfig = Type.Object<typeof ofAllSources>({ ...sourceVariables(declaredSources), ...ofAllSources })

export type IngressConfig = Config<typeof ingressConfig> & SourceValues

/** Where the secrets are, and what is asked of them. */
export function secretsConfig(
  config: IngressConfig,
  declared: readonly SourceDeclaration[] = declaredSources,
): SecretsConfig {
  return {
    path: config.WEBHOOK_SECRETS_PATH,
    values: config,
    rules: {
      declared,
      production: config.HOOKLINE_ENV === 'production',
      productionFingerprints: new Set(fingerprintsIn(config)),
    },
  }
}

/** The files of TLS; undefined: plain HTTP. */
export function tlsPaths(config: IngressConfig): TlsPaths | undefined {
  const { TLS_CERT_PATH: cert, TLS_KEY_PATH: key, TLS_CLIENT_CA_PATH: clientCa } = config
  return cert === undefined || key === undefined ? undefined : { cert, key, clientCa }
}

/** What is wrong with these values together; empty when nothing is. What a secrets file holds is asked later. */
export function configProblems(config: IngressConfig, now = Date.now()): readonly string[] {
  const { path, values, rules } = secretsConfig(config)
  const malformed = fingerprintsIn(config).filter(one => !FINGERPRINT.test(one)).length
  const secrets = environmentSecrets(values, rules.declared)
  const proxies = trustedProxies(config.TRUSTED_PROXIES)
  return [
    ...(proxies.ok ? [] : proxies.problems),
    ...tlsProblems(config),
    ...(malformed === 0
      ? []
      : [
          `PRODUCTION_SECRET_FINGERPRINTS has ${malformed} that are none: \`hookline secrets fingerprint\` prints them`,
        ]),
    ...(secrets.ok ? secretsProblems(secrets.value, rules, now) : secrets.problems),
    ...drainProblems(config),
    ...(secrets.ok && secrets.value.size === 0 && path === undefined ? [noSecret(rules, path)] : []),
  ]
}

/** What came in while the process drained has its full time to arrive and to be stored, or it ends unanswered. */
function drainProblems({ DRAIN_MS, CLOSE_GRACE_MS }: IngressConfig): readonly string[] {
  const wantedMs = DRAIN_MS + REQUEST_TIMEOUT_MS + PUBLISH_TIMEOUT_MS
  if (DRAIN_MS === 0 || wantedMs < CLOSE_GRACE_MS) return []
  return [`CLOSE_GRACE_MS is ${CLOSE_GRACE_MS}: with DRAIN_MS=${DRAIN_MS} set it above ${wantedMs}`]
}

/** Half of it would be plain HTTP where somebody believes in TLS. */
function tlsProblems({ TLS_CERT_PATH: cert, TLS_KEY_PATH: key, TLS_CLIENT_CA_PATH: clientCa }: IngressConfig) {
  if ((cert === undefined) !== (key === undefined)) return ['TLS_CERT_PATH and TLS_KEY_PATH: set both, or none']
  return cert === undefined && clientCa !== undefined
    ? ['TLS_CLIENT_CA_PATH needs TLS_CERT_PATH and TLS_KEY_PATH: without them there is no TLS']
    : []
}

function fingerprintsIn({ PRODUCTION_SECRET_FINGERPRINTS: list = '' }: IngressConfig): readonly string[] {
  return list
    .split(',')
    .map(one => one.trim())
    .filter(one => one !== '')
}
