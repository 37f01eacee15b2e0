import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { planOf, type PlannedEvent } from '../src/demo/plan.ts'
import { send, type SentRequest } from '../src/demo/sender.ts'

const plan = planOf({ seed: 5, orders: 20, nowMs: Date.now() })
const SECRETS = { points: 'pts-3b7e91c4d02f', hc: 'whsec_3b7e91c4d02f' }

interface Seen {
  readonly body: string
  readonly right: boolean
}

/** An ingress that answers with what `status` says. */
async function ingress(status: (seen: Seen, before: readonly Seen[]) => number) {
  const seen: Seen[] = []
  const take = async (request: IncomingMessage) => {
    const body = await text(request)
    const one = { body, right: isRight(request, body) }
    const answer = status(one, seen)
    seen.push(one)
    return answer
  }
  const server = createServer((request, response) => {
    void take(request).then(answer => response.writeHead(answer).end())
  })
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => void server.close())
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return { url: `http://127.0.0.1:${port}`, seen }
}

function isRight({ headers, url }: IncomingMessage, body: string): boolean {
  if (url === '/points') return headers['x-webhook-secret'] === SECRETS.points
  return headers['x-webhook-signature'] === createHmac('sha256', SECRETS.hc).update(body).digest('hex')
}

async function sendTo(url: string, signal = new AbortController().signal): Promise<SentRequest[]> {
  const sent: SentRequest[] = []
  const sources = {
    points: { url: `${url}/points`, secret: SECRETS.points },
    hc: { url: `${url}/hc`, secret: SECRETS.hc },
  }
  const onRequest = (request: SentRequest) => sent.push(request)
  await send(plan, { ingress: url, sources, sendingMs: 100, signal, onRequest, onDelivered() {} })
  return sent
}

test('every delivery arrives as often as planned, signed as its sender signs, and forged ones are not', async () => {
  const { url, seen } = await ingress(() => 200)
  await sendTo(url)
  const planned = plan.deliveries.flatMap(({ event, copies }) => Array<PlannedEvent>(copies).fill(event))
  const asText = (list: readonly Seen[]) => list.map(({ body, right }) => `${right} ${body}`).sort()
  expect(asText(seen)).toEqual(asText(planned.map(({ body, genuine }) => ({ body, right: genuine }))))
})

test('the deliveries of one order arrive one after the other, in the order of the plan', async () => {
  const { url, seen } = await ingress(() => 200)
  await sendTo(url)
  for (const order of plan.orders) {
    const own = plan.deliveries.map(({ event }) => event).filter(event => event.order === order && event.genuine)
    const arrived = seen.map(({ body }) => body).filter(body => own.some(event => event.body === body))
    expect([...new Set(arrived)]).toEqual([...new Set(own.map(({ body }) => body))])
  }
})

test('what is not answered with 2xx is sent three times at most, and the last answer counts', async () => {
  const { url } = await ingress(({ body, right }, before) => {
    if (!right) return 401
    return before.some(one => one.body === body) ? 200 : 503
  })
  const sent = await sendTo(url)
  const attempts = Map.groupBy(sent, ({ event }) => event)
  const last = [...attempts].map(([{ genuine }, requests]) => [genuine, requests.length, requests.at(-1)?.status])
  const forged = last.filter(([genuine]) => genuine === false)
  expect(forged).toEqual(forged.map(() => [false, 3, 401]))
  expect(last.filter(([genuine, , status]) => genuine === true && status !== 200)).toEqual([])
  expect(sent.some(({ status, attempt }) => status === 503 && attempt === 1)).toBe(true)
})

test('an end that is asked for stops the sending', async () => {
  const { url } = await ingress(() => 200)
  await expect(sendTo(url, AbortSignal.abort())).rejects.toThrow('aborted')
})
