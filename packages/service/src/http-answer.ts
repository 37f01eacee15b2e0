import type { Answered } from './http-exchange.ts'

/** What a target answered, 2xx. */
export interface HttpAnswer {
  readonly status: number
  /** As UTF-8; of a longer one the first 64 KiB. */
  readonly text: string
  /** undefined where the answer is no JSON, or longer. Check it before use: it comes from outside. */
  readonly json: () => unknown
}

export function httpAnswer({ status, body }: Answered): HttpAnswer {
  const text = body.toString('utf8')
  return {
    status,
    text,
    json: () => {
      try {
        return JSON.parse(text)
      } catch {
        return undefined
      }
    },
  }
}
