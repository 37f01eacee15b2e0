import kafkajs from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { kafkaRefusal } from '../src/index.ts'

const connection = (code: string) => new kafkajs.KafkaJSConnectionError('Connection error', { code })

describe('an error of kafkajs', () => {
  it.each([
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate', /set KAFKA_SSL_CA_FILE/],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate', /set KAFKA_SSL_CA_FILE/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate', /set KAFKA_SSL_CA_FILE/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate', /KAFKA_BROKERS/],
    ['CERT_HAS_EXPIRED', 'certificate', /not valid now/],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'certificate', /check KAFKA_SSL_CERT_FILE/],
  ])('with the code %s is a refusal', (code, kind, sentence) => {
    expect(kafkaRefusal(connection(code))).toEqual({ kind, sentence: expect.stringMatching(sentence) })
  })

  it('that caused another one is seen', () => {
    const cause = connection('CERT_HAS_EXPIRED')
    const error = new Error('Kafka did not answer', {
      cause: new kafkajs.KafkaJSNumberOfRetriesExceeded(cause, RETRIES),
    })
    expect(kafkaRefusal(error)?.kind).toBe('certificate')
  })

  it.each(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND', ''])('with the code "%s" is none', code => {
    expect(kafkaRefusal(connection(code))).toBeUndefined()
  })

  it('is none where it is anything else', () => {
    expect([undefined, 'text', new Error('x')].map(kafkaRefusal)).toEqual([undefined, undefined, undefined])
  })
})

const RETRIES = { retryCount: 3, retryTime: 100 }
