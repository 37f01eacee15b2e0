import type { Target } from '@hookline/consumer'
import { type TInteger, type TOptional, type TString, Type } from 'typebox'
import { type HttpTarget, httpTarget, type HttpTargetOptions } from './http-target.ts'
import { type SmtpTarget, smtpTarget } from './smtp-target.ts'

type HttpVariables = { URL: TString; CONNECTIONS: TInteger; AUTHORIZATION: TOptional<TString> }

type SmtpVariables = { URL: TString; CONNECTIONS: TInteger; FROM: TString }

/** What a target says of itself, where the defaults do not suit it. */
export interface HttpDeclaration extends Pick<HttpTargetOptions, 'breakAfter' | 'halfOpenAfterMs'> {
  /** What `<NAME>_CONNECTIONS` is where it is not set: at most so many requests at a time. Otherwise 64. */
  readonly connections?: number
}

/**
 * A target that is an HTTP API which honours `Idempotency-Key`: target `erp` reads `ERP_URL`, `ERP_CONNECTIONS`, and
 * `ERP_AUTHORIZATION` where it needs one. Handlers get an `HttpTarget`.
 */
export function http({ connections = 64, ...breaker }: HttpDeclaration = {}): Target<HttpTarget, HttpVariables> {
  return {
    kind: 'http',
    variables: {
      URL: Type.String({ pattern: '^https?://', description: 'where its API begins, such as https://erp.example/api' }),
      CONNECTIONS: Type.Integer({
        default: connections,
        minimum: 1,
        maximum: 1_000,
        description: 'at most so many requests at a time, each on a connection of its own',
      }),
      AUTHORIZATION: Type.Optional(
        Type.String({ pattern: '^[ -~]+$', description: 'sent as Authorization with every request; never logged' }),
      ),
    },
    open: ({ URL: baseUrl, CONNECTIONS, AUTHORIZATION: authorization }, parts) =>
      httpTarget({
        ...breaker,
        ...parts,
        baseUrl,
        connections: CONNECTIONS,
        ...(authorization !== undefined && { headers: { authorization } }),
      }),
  }
}

/**
 * A target that is a mail server: target `smtp` reads `SMTP_URL`, `SMTP_CONNECTIONS` and `SMTP_FROM`. Handlers get an
 * `SmtpTarget`.
 */
export function smtp(): Target<SmtpTarget, SmtpVariables> {
  return {
    kind: 'smtp',
    variables: {
      URL: Type.String({ pattern: '^smtps?://', description: 'the mail server; may hold a user and a password' }),
      CONNECTIONS: Type.Integer({
        default: 10,
        minimum: 1,
        maximum: 100,
        description: 'at most so many mails at a time; mail servers commonly limit it to 10 or 20 a client',
      }),
      FROM: Type.String({
        pattern: '^[^@\\r\\n]+@[^@\\s<>]+>?$',
        description: 'the sender, such as Shop <orders@shop.example>; its domain is that of every Message-ID',
      }),
    },
    open: ({ URL: url, CONNECTIONS: connections, FROM: from }, parts) =>
      smtpTarget({ ...parts, url, from, connections }),
  }
}
