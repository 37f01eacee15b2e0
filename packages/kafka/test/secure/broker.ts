import { appendFile, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { kafkaBroker } from '../../../local/src/kafka-broker.ts'
import { localEnvironment } from '../../../local/src/environment.ts'
import { freePort, LOOPBACK } from '../../../local/src/ports.ts'
import { startReaper } from '../../../local/src/reaper.ts'
import { supervise } from '../../../local/src/supervised.ts'
import { authority, type Certificate, certificate } from './certificates.ts'
import { AUDIENCE, type IdentityProvider, identityProvider, ISSUER } from './identity-provider.ts'

const SASL = 'org.apache.kafka.common.security'
/** How long a login is good: what is revoked shows soon. */
const LOGIN_MS = 5_000

export interface SecureBroker {
  /** No security, and everything is allowed: for what a test sets up. */
  readonly open: string
  /** `SSL`, a client certificate is asked for; the user is its common name. */
  readonly mtls: string
  /** `SASL_SSL`, all four mechanisms. */
  readonly login: string
  /** `SASL_PLAINTEXT`, PLAIN. */
  readonly clear: string
  readonly ca: Certificate
  readonly idp: IdentityProvider
  /** A file with this text, removed at the end. */
  file(name: string, text: string): Promise<string>
  close(): Promise<void>
}

/** A broker that asks who comes, and allows nobody anything without an ACL. `users` are those of PLAIN and of OAuth. */
export async function secureBroker(users: Readonly<Record<string, string>>): Promise<SecureBroker> {
  const dir = await mkdtemp(join(tmpdir(), 'hookline-secure-'))
  const reaper = startReaper()
  reaper.removeAtEnd(dir)
  const file = async (name: string, text: string) => {
    const path = join(dir, name)
    await writeFile(path, text)
    return path
  }
  const idp = await identityProvider(users)
  const ca = await authority('Test CA')
  const own = await certificate('broker', { ca })
  const jwksUrl = pathToFileURL(await file('jwks.json', idp.jwks)).href
  const keystore = await file('broker.pem', `${own.key}\n${own.cert}`)
  const truststore = await file('ca.pem', ca.cert)

  const environment = localEnvironment()
  const jvm = `-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${jwksUrl}`
  const inherited = { ...environment.inherited, JAVA_TOOL_OPTIONS: jvm }
  const { signal } = new AbortController()
  const session = { environment: { ...environment, inherited }, reaper, signal, progress: () => {} }

  const ports = { open: await freePort(), mtls: await freePort(), login: await freePort(), clear: await freePort() }
  const address = (port: number) => `${LOOPBACK}:${port}`
  const dataDir = join(dir, 'kafka')
  const controllerPort = await freePort()
  const place = { dataDir, port: ports.open, controllerPort, logFile: join(dir, 'kafka.log') }
  const spec = await kafkaBroker(place, session)
  const clients = `PLAINTEXT://${address(ports.open)},MTLS://${address(ports.mtls)},LOGIN://${address(ports.login)},CLEAR://${address(ports.clear)}`
  const settings = {
    listeners: `${clients},CONTROLLER://${address(controllerPort)}`,
    'advertised.listeners': clients,
    'listener.security.protocol.map':
      'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,MTLS:SSL,LOGIN:SASL_SSL,CLEAR:SASL_PLAINTEXT',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keystore,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': truststore,
    'listener.name.mtls.ssl.client.auth': 'required',
    'ssl.principal.mapping.rules': 'RULE:^CN=([^,]+).*$/$1/',
    'connections.max.reauth.ms': LOGIN_MS,
    'listener.name.login.sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
    'listener.name.login.plain.sasl.jaas.config': plainUsers(users),
    'listener.name.login.scram-sha-256.sasl.jaas.config': `${SASL}.scram.ScramLoginModule required;`,
    'listener.name.login.scram-sha-512.sasl.jaas.config': `${SASL}.scram.ScramLoginModule required;`,
    'listener.name.login.oauthbearer.sasl.jaas.config': `${SASL}.oauthbearer.OAuthBearerLoginModule required;`,
    'listener.name.login.oauthbearer.sasl.server.callback.handler.class': `${SASL}.oauthbearer.OAuthBearerValidatorCallbackHandler`,
    'listener.name.login.sasl.oauthbearer.jwks.endpoint.url': jwksUrl,
    'listener.name.login.sasl.oauthbearer.expected.audience': AUDIENCE,
    'listener.name.login.sasl.oauthbearer.expected.issuer': ISSUER,
    'listener.name.clear.sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.clear.plain.sasl.jaas.config': plainUsers(users),
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS',
  }
  // the last of two counts
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`)
  await appendFile(join(dataDir, 'server.properties'), lines.join(''))
  const broker = await supervise(spec, session, { restart: false }).catch(async (error: unknown) => {
    idp.close()
    await reaper.close()
    throw error
  })

  return {
    open: address(ports.open),
    mtls: address(ports.mtls),
    login: address(ports.login),
    clear: address(ports.clear),
    ca,
    idp,
    file,
    async close() {
      await broker.stop()
      idp.close()
      await reaper.close()
    },
  }
}

function plainUsers(users: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(users).map(([name, password]) => `user_${name}="${password}"`)
  return `${SASL}.plain.PlainLoginModule required ${pairs.join(' ')};`
}
