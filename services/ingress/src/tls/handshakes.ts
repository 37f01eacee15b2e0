import type { Server } from 'node:https'
import type { TLSSocket } from 'node:tls'

/**
 * Why a connection never became one. `not_tls`: plain HTTP and other noise. `protocol`: no version or cipher in common, or
 * a broken handshake. `client_certificate`: absent, expired or of a CA that is not ours. `refused_by_client`: it does not
 * trust our certificate.
 */
export const HANDSHAKE_FAILURES = [
  'not_tls',
  'protocol',
  'client_certificate',
  'refused_by_client',
  'too_slow',
  'client_gone',
] as const

export type HandshakeFailure = (typeof HANDSHAKE_FAILURES)[number]

/** Calls `failed` for each; they are not logged, strangers make as many as they like. */
export function countHandshakeFailures(server: Server, failed: (reason: HandshakeFailure) => void): void {
  // Node's own listener hands them on as clients' errors of HTTP, which would be answered in plain text
  server.removeAllListeners('tlsClientError')
  server.on('tlsClientError', (error: Error & { code?: string }, socket: TLSSocket) => {
    failed(failureOf(error, socket))
    socket.destroy()
  })
}

function failureOf({ code = '' }: Error & { code?: string }, socket: TLSSocket): HandshakeFailure {
  // where Node refuses the certificate itself, the error only says that the connection is gone
  if (socket.authorizationError || /NOT_RETURN_A_CERTIFICATE/.test(code)) return 'client_certificate'
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return 'too_slow'
  if (/HTTP_REQUEST|HTTPS_PROXY_REQUEST|WRONG_VERSION_NUMBER|PACKET_LENGTH|RECORD_/.test(code)) return 'not_tls'
  if (code.includes('_ALERT_')) return 'refused_by_client'
  return code.startsWith('ERR_SSL_') ? 'protocol' : 'client_gone'
}
