import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import { codeOf } from '../error-code.ts'
import type { Parsed } from '../secrets/document.ts'

/** Files in PEM. */
export interface TlsPaths {
  /** The server's certificate first, then those between it and its root. */
  readonly cert: string
  readonly key: string
  /** Set: a client needs a certificate that one of these signed. */
  readonly clientCa: string | undefined
}

/** What an endpoint shows and asks for, as PEM texts. */
export interface Certificate {
  readonly cert: string
  readonly key: string
  readonly clientCa: string | undefined
  /** Of the server's own, milliseconds since 1970. */
  readonly notAfter: number
}

/** Or why it must not be used, a sentence each, without a part of what was read. `now`: milliseconds since 1970. Never rejects. */
export async function readCertificate(paths: TlsPaths, now: number): Promise<Parsed<Certificate>> {
  const problems: string[] = []
  const say = (problem: string) => void problems.push(problem)
  const [cert, key, clientCa] = await Promise.all([
    read('TLS_CERT_PATH', paths.cert, say),
    read('TLS_KEY_PATH', paths.key, say),
    paths.clientCa === undefined ? undefined : read('TLS_CLIENT_CA_PATH', paths.clientCa, say),
  ])
  if (cert === undefined || key === undefined || problems.length > 0) return { ok: false, problems }

  const chain = certificates('TLS_CERT_PATH', cert, say)
  const authorities = clientCa === undefined ? [] : certificates('TLS_CLIENT_CA_PATH', clientCa, say)
  const [own] = chain
  // those of others may have ended: chains and bundles are often made longer than anybody needs
  if (own !== undefined) timeProblem(own, now, say)
  if (authorities.length > 0 && authorities.every(one => now >= one.validToDate.getTime())) {
    say('every CA of TLS_CLIENT_CA_PATH has ended')
  }
  if (!authorities.every(({ ca }) => ca)) say('TLS_CLIENT_CA_PATH has a certificate that is no CA')
  const privateKey = privateKeyOf(key)
  if (privateKey === undefined) say('TLS_KEY_PATH is not one private key in PEM without a passphrase')
  else if (own?.checkPrivateKey(privateKey) === false) {
    say("TLS_KEY_PATH is not the key of TLS_CERT_PATH's first certificate, which must be the server's own")
  }
  if (problems.length === 0) usableProblem({ cert, key, clientCa }, say)
  if (own === undefined || problems.length > 0) return { ok: false, problems }
  return { ok: true, value: { cert, key, clientCa, notAfter: own.validToDate.getTime() } }
}

type Say = (problem: string) => void

async function read(name: string, path: string, say: Say): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    say(`${name} cannot be read (${codeOf(error)})`)
    return undefined
  }
}

function certificates(name: string, pem: string, say: Say): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
  try {
    if (blocks.length > 0) return blocks.map(block => new X509Certificate(block))
  } catch {
    // said below
  }
  say(`${name} holds no certificate in PEM, or one that is broken`)
  return []
}

function timeProblem({ validFromDate, validToDate }: X509Certificate, now: number, say: Say): void {
  if (now >= validToDate.getTime()) say(`TLS_CERT_PATH's certificate ended at ${validToDate.toISOString()}: renew it`)
  if (now < validFromDate.getTime()) say(`TLS_CERT_PATH's certificate begins only at ${validFromDate.toISOString()}`)
}

function privateKeyOf(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem)
  } catch {
    // the error may quote the text
    return undefined
  }
}

/** What only OpenSSL knows, such as a key that is too short. */
function usableProblem({ cert, key, clientCa }: Omit<Certificate, 'notAfter'>, say: Say): void {
  try {
    createSecureContext({ cert, key, ...(clientCa !== undefined && { ca: clientCa }) })
  } catch (error) {
    say(`TLS_CERT_PATH, TLS_KEY_PATH and TLS_CLIENT_CA_PATH cannot be used together (${codeOf(error)})`)
  }
}
