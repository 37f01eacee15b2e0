import { connect } from 'node:tls'
import type { TLSSocket } from 'node:tls'
import { authority, certificate } from '../../../packages/kafka/test/secure/certificates.ts'
import type { Certificate as Identity } from '../../../packages/kafka/test/secure/certificates.ts'
import type { Certificate } from '../src/tls/certificate.ts'

const ca = await authority('ingress-ca')
const clientCa = await authority('client-ca')

export const server = await certificate('ingress', { ca })
/** Not of the CA that the ingress asks for. */
export const stranger = await certificate('stranger', { ca })
export const client = await certificate('client', { ca: clientCa })
export const expiredClient = await certificate('client', { ca: clientCa, expired: true })
export { ca, clientCa }

/** What the ingress is given. */
export function shown({ cert, key }: Identity, over: Partial<Certificate> = {}): Certificate {
  return { cert, key, clientCa: undefined, notAfter: Infinity, ...over }
}

/** A client of the ingress; without an identity of its own, or with one. */
export function tlsClient(port: number, identity: Partial<Identity> = {}): TLSSocket {
  return connect({ port, host: '127.0.0.1', ca: ca.cert, ...identity })
}
