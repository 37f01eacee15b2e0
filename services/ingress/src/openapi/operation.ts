import { STATUS_CODES } from 'node:http'
import type { FastifySchema } from 'fastify'
import { REQUEST_ID } from '../answers.ts'
import { problemBody } from '../problems.ts'
import type { SourceDeclaration } from '../sources/source.ts'
import { answersTo, sendAgain } from './answers-to.ts'
import type { DescribedAnswer } from './answers-to.ts'
import { requestBody } from './request-body.ts'
import { securityOf } from './security.ts'

const REQUEST_ID_HEADER = { type: 'string', description: 'The id of the request: the one to name to support.' }

/** What the document says of the webhooks of a source. Nothing in the ingress validates by it. */
export function webhookOperation(declared: SourceDeclaration): FastifySchema {
  const { catalogue } = declared
  const byStatus = Map.groupBy(answersTo(catalogue), ({ status }) => status)
  const kept = byStatus.get(200) ?? []
  byStatus.delete(200)
  return {
    operationId: `webhook-${catalogue.source}`,
    summary: `A webhook of ${catalogue.source}`,
    description:
      `At most ${declared.limits.maxBodyBytes.toLocaleString('en')} bytes of body. Only the required fields must ` +
      'be there; all others are kept as they are sent. Deliver as often and in whatever order: the same webhook again ' +
      'changes nothing, and an older one never overwrites a newer one.',
    security: [securityOf(declared)],
    ...(catalogue.eventHeader === undefined ? {} : { headers: eventHeader(catalogue.eventHeader) }),
    body: requestBody(catalogue),
    response: {
      200: stored(kept),
      ...Object.fromEntries([...byStatus].map(([status, answers]) => [status, problem(status, answers)])),
    },
  }
}

function eventHeader(name: string): object {
  const description = "The event's name once more. Where it is there, it must be that of the body."
  return { type: 'object', properties: { [name]: { type: 'string', description } } }
}

function stored(kept: readonly DescribedAnswer[]): object {
  const examples = Object.fromEntries(
    kept.map(({ code, message }) => [code, { value: { status: 'quarantined', code, message } }]),
  )
  return {
    description: 'Stored on all in-sync replicas of Kafka. Do not send it again.',
    headers: { [REQUEST_ID]: REQUEST_ID_HEADER },
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/stored' },
        examples: { accepted: { value: { status: 'accepted' } }, ...examples },
      },
    },
  }
}

function problem(status: number, answers: readonly DescribedAnswer[]): object {
  const names = new Set(answers.flatMap(({ headers }) => Object.keys(headers)))
  const fixed = [...names].map(name => {
    const values = new Set(answers.map(({ headers }) => headers[name]).filter(value => value !== undefined))
    return [name, { type: 'string', description: DESCRIPTIONS[name] ?? name, examples: [...values] }]
  })
  return {
    description: STATUS_CODES[status],
    headers: { [REQUEST_ID]: REQUEST_ID_HEADER, ...Object.fromEntries(fixed) },
    content: {
      'application/json': {
        schema: {
          allOf: [
            { $ref: '#/components/schemas/problem' },
            { properties: { code: { enum: answers.map(({ code }) => code) } } },
          ],
        },
        examples: Object.fromEntries(answers.map(answer => [answer.code, example(answer)])),
      },
    },
  }
}

function example(answer: DescribedAnswer): object {
  const { status: statusCode, code, message } = answer
  return {
    summary: `Send it again? ${sendAgain(answer)}`,
    value: JSON.parse(problemBody({ statusCode, code, message })),
  }
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  'retry-after': 'Seconds to wait before the next attempt.',
  allow: 'The methods that the path takes.',
  accept: 'The media type that the path takes.',
}
