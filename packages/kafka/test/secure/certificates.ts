import { generate } from 'selfsigned'

/** PEM texts. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

const DAY_MS = 86_400_000

export async function authority(name: string): Promise<Certificate> {
  return pem(
    await generate([{ name: 'commonName', value: name }], {
      ...KIND,
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      ],
    }),
  )
}

export interface CertificateOptions {
  readonly ca: Certificate
  readonly expired?: boolean
  /** The addresses that a server with it may have; the loopback address by default. */
  readonly ip?: string
}

/** For servers and clients. */
export async function certificate(commonName: string, options: CertificateOptions): Promise<Certificate> {
  const { ca, expired = false, ip = '127.0.0.1' } = options
  const ends = Date.now() + (expired ? -DAY_MS : DAY_MS)
  return pem(
    await generate([{ name: 'commonName', value: commonName }], {
      ...KIND,
      ca,
      notBeforeDate: new Date(ends - 2 * DAY_MS),
      notAfterDate: new Date(ends),
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'keyUsage', digitalSignature: true },
        { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
        { name: 'subjectAltName', altNames: [{ type: 7, ip }] },
      ],
    }),
  )
}

const KIND = { keyType: 'ec', algorithm: 'sha256' } as const

function pem({ cert, private: key }: { cert: string; private: string }): Certificate {
  return { cert, key }
}
