import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import { createServer as createTlsServer, Server as TlsServer } from 'node:https'
import type { SecureContextOptions } from 'node:tls'
import { KEEP_ALIVE_MS, KEEP_ALIVE_SPARE_MS, MAX_HEADER_BYTES, TIMEOUT_CHECK_MS } from './limits.ts'
import type { Certificate } from './tls/certificate.ts'
import { countHandshakeFailures } from './tls/handshakes.ts'
import type { HandshakeFailure } from './tls/handshakes.ts'

export interface HttpServerOptions {
  /** From a request's first byte to its last, and from a connection to the end of its handshake. */
  readonly requestTimeoutMs: number
  /** Undefined: plain HTTP. */
  readonly certificate: Certificate | undefined
  readonly handshakeFailed: (reason: HandshakeFailure) => void
}

/** Node heeds most of these only when the server is created with them. */
export function createHttpServer(listener: RequestListener, options: HttpServerOptions): Server {
  const { requestTimeoutMs, certificate, handshakeFailed } = options
  const limits = {
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveTimeoutBuffer: KEEP_ALIVE_SPARE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    requireHostHeader: false,
  }
  if (certificate === undefined) return createServer(limits, listener)
  const asked = certificate.clientCa === undefined ? {} : { requestCert: true, rejectUnauthorized: true }
  const tls = { ...secureContext(certificate), ...asked, handshakeTimeout: requestTimeoutMs }
  const server = createTlsServer({ ...limits, ...tls }, listener)
  countHandshakeFailures(server, handshakeFailed)
  return server
}

/** For connections from now on. */
export function replaceCertificate(server: Server, certificate: Certificate): void {
  if (server instanceof TlsServer) server.setSecureContext(secureContext(certificate))
}

function secureContext({ cert, key, clientCa }: Certificate): SecureContextOptions {
  return { cert, key, minVersion: 'TLSv1.2', ...(clientCa !== undefined && { ca: clientCa }) }
}
