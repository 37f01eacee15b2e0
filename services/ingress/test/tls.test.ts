import { constants } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { certificate } from '../../../packages/kafka/test/secure/certificates.ts'
import type { Certificate as Identity } from '../../../packages/kafka/test/secure/certificates.ts'
import { replaceCertificate } from '../src/http-server.ts'
import { RawClient } from './raw-client.ts'
import { points } from './requests.ts'
import { runningApp } from './running-app.ts'
import { ca, client, clientCa, expiredClient, server, shown, stranger, tlsClient } from './tls-identities.ts'

function listening(over: Parameters<typeof runningApp>[1] = {}) {
  return runningApp(async () => undefined, { certificate: shown(server), ...over })
}

function failed(ingress: Awaited<ReturnType<typeof listening>>, reason: string) {
  return () => ingress.metric(`hookline_ingress_tls_handshakes_failed_total{reason="${reason}"}`)
}

/**
 * A client that ends the handshake as libraries other than Node's do: with an alert, unencrypted in TLS 1.2. It replays
 * the greeting of a real one.
 */
async function distrustful(): Promise<(port: number) => Socket> {
  const greeted = Promise.withResolvers<Buffer>()
  const listener = createServer(socket => socket.once('data', greeted.resolve).on('error', () => {})).listen(0)
  await once(listener, 'listening')
  const address = listener.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const greeting = connectTls({ port, host: '127.0.0.1', maxVersion: 'TLSv1.2' }).on('error', () => {})
  const bytes = await greeted.promise
  greeting.destroy()
  listener.close()
  return at => {
    const socket = connect({ port: at, host: '127.0.0.1' })
    socket.write(bytes)
    return socket.once('data', () => socket.write(Buffer.from('15030300020230', 'hex')))
  }
}

/** A good webhook over TLS by a client of its own: its status, undefined where the connection ends without one. */
async function status(port: number, identity?: Identity): Promise<number | undefined> {
  const raw = new RawClient(port, at => tlsClient(at, identity))
  const answer = await raw.send(points()).answer()
  raw.close()
  return answer?.statusCode
}

const refusesOurs = await distrustful()

describe('a connection without TLS in common is cut, counted, not logged, and harms nobody:', () => {
  const plain = (bytes: string) => (port: number) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.write(bytes)
    return socket
  }
  const old = { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
  const weak = { secureOptions: constants.SSL_OP_NO_TLSv1_3, ciphers: 'AES128-SHA' } as const

  test.each<[string, string, (port: number) => Socket]>([
    ['plain HTTP', 'not_tls', plain(points().toString())],
    ['noise', 'not_tls', plain('\0'.repeat(100))],
    ['TLS 1.1', 'protocol', port => connectTls({ port, host: '127.0.0.1', ca: ca.cert, ...old })],
    ['a cipher of old', 'protocol', port => connectTls({ port, host: '127.0.0.1', ca: ca.cert, ...weak })],
    ['a client that does not know our CA', 'refused_by_client', refusesOurs],
    ['nothing, for too long', 'too_slow', plain('')],
    ['a beginning, and no end', 'too_slow', plain('\x16\x03\x01')],
  ])('%s', async (_what, reason, open) => {
    const ingress = await listening({ requestTimeoutMs: 500 })
    const raw = new RawClient(ingress.port, open)
    await raw.closed()
    expect(await raw.answer()).toBeUndefined()
    await expect.poll(failed(ingress, reason)).toBe(1)
    expect(await status(ingress.port)).toBe(200)
    expect(ingress.log()).not.toContain('"level":"warn"')
    await ingress.app.close()
  })

  test('a client that goes in the middle', async () => {
    const ingress = await listening()
    const raw = new RawClient(ingress.port, plain('\x16\x03\x01'))
    await expect.poll(() => ingress.metric('hookline_ingress_connections')).toBe(1)
    raw.close()
    await expect.poll(failed(ingress, 'client_gone')).toBe(1)
    await ingress.app.close()
  })
})

describe('where a client needs a certificate', () => {
  test('only one of the right CA that has not ended lets it in', async () => {
    const ingress = await listening({ certificate: shown(server, { clientCa: clientCa.cert }) })
    const statuses = [undefined, stranger, expiredClient, client].map(identity => status(ingress.port, identity))
    expect(await Promise.all(statuses)).toEqual([undefined, undefined, undefined, 200])
    await expect.poll(failed(ingress, 'client_certificate')).toBe(3)
    await ingress.app.close()
  })

  test('it still does after the certificate was replaced', async () => {
    const ingress = await listening({ certificate: shown(server, { clientCa: clientCa.cert }) })
    replaceCertificate(ingress.app.server, shown(await certificate('next', { ca }), { clientCa: clientCa.cert }))
    expect([await status(ingress.port), await status(ingress.port, client)]).toEqual([undefined, 200])
    await ingress.app.close()
  })
})

test('a replaced certificate is shown to new connections, and those that are open go on', async () => {
  const ingress = await listening()
  const before = new RawClient(ingress.port, tlsClient)
  expect((await before.send(points()).answer())?.statusCode).toBe(200)
  replaceCertificate(ingress.app.server, shown(await certificate('next', { ca })))
  const peer = await new Promise<unknown>(resolve => {
    const socket = tlsClient(ingress.port).once('secureConnect', () => {
      resolve(socket.getPeerCertificate().subject.CN)
      socket.destroy()
    })
  })
  expect(peer).toBe('next')
  expect((await before.send(points()).answer())?.statusCode).toBe(200)
  before.close()
  await ingress.app.close()
})

test('a connection in its handshake does not hold up the end', async () => {
  const ingress = await listening()
  const silent = new RawClient(ingress.port, port => connect({ port, host: '127.0.0.1' }))
  await expect.poll(() => ingress.metric('hookline_ingress_connections')).toBe(1)
  await ingress.app.close()
  await silent.closed()
})

test('over TLS too, the connection that was quiet for longest goes first', async () => {
  const ingress = await listening({ maxConnections: 2 })
  const [first, second] = [1, 2].map(() => new RawClient(ingress.port, tlsClient))
  expect((await second?.send(points()).answer())?.statusCode).toBe(200)
  expect((await first?.send(points()).answer())?.statusCode).toBe(200)
  expect(await status(ingress.port)).toBe(200)
  await second?.closed()
  expect((await first?.send(points()).answer())?.statusCode).toBe(200)
  first?.close()
  await ingress.app.close()
})
