import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { waitFor } from '@hookline/local'
import { startService } from '../../consumers/consumer.ts'
import { wrongEffects } from '../../consumers/effects.ts'
import { startIngress } from '../../ingress.ts'
import { openLoad } from '../../load/load.ts'
import type { Answers } from '../../load/plan.ts'
import { usageOf } from '../../measured-process.ts'
import type { Stage } from '../../stage.ts'

const SECRET = { id: 'bench', secret: 'bench-points-secret-7d1f04c9e2' }
const SENDING = { connections: 64, addresses: ['127.0.0.1'], secrets: [SECRET] }
const NAME = 'bench-timed'
const EFFECTS = 'hookline_effects_total{effect="timed",outcome="done"}'
const DRAIN_LIMIT_MS = 120_000

export const MEMBERS = ['ingress', 'service', 'mongod', 'Kafka'] as const
type Member = (typeof MEMBERS)[number]

/** A load, after the last of its effects. */
export interface Sent {
  /** The first part of the order ids. */
  readonly orders: string
  readonly answers: Answers
  readonly acked: number
  /** Of each process, for each acked webhook. */
  readonly cpuUs: Readonly<Record<Member, number>>
}

/** A sender, the ingress, Kafka, and a service on a MongoDB. */
export interface Chain {
  /** Without a rate: as fast as the answers come. */
  send(orders: string, load: { readonly ratePerS?: number; readonly forMs: number }): Promise<Sent>
  /** Ends the service. What its effects did: by order id when the last one was, milliseconds since 1970; and what is amiss. */
  effects(): Promise<{ readonly atMs: ReadonlyMap<string, number>; readonly amiss: readonly string[] }>
}

export async function openChain(stage: Stage): Promise<Chain> {
  const log = join(stage.dir, 'effects')
  const script = '../services/timed.ts'
  const { process: service, metric } = await startService(stage, { name: NAME, script, env: { EFFECT_LOG: log } })
  const ingress = await startIngress(stage, { POINTS_WEBHOOK_SECRET: SECRET.secret })
  const sender = await openLoad(stage)
  const ended = () => service.ended() ?? ingress.ended()
  let acked = 0

  async function cpuMs(): Promise<Readonly<Record<Member, number>>> {
    const backing = (pid = 0) => usageOf(pid)
    const all = await Promise.all([
      ingress.usage(),
      service.usage(),
      backing(stage.mongodb?.pid),
      backing(stage.kafkaPid),
    ])
    const [ofIngress = 0, ofService = 0, mongod = 0, Kafka = 0] = all.map(one => one.cpuMs)
    return { ingress: ofIngress, service: ofService, mongod, Kafka }
  }

  return {
    async send(orders, { ratePerS, forMs }) {
      const before = await cpuMs()
      const plan = { ...SENDING, url: ingress.url, orders, forMs }
      const answers = await (ratePerS === undefined ? sender.closed(plan) : sender.open({ ...plan, ratePerS }))
      const own = answers.status.filter(status => status === 200).length
      acked += own
      const isDone = async () => ((await metric(EFFECTS)) >= acked ? true : undefined)
      const limits = { limitMs: DRAIN_LIMIT_MS, signal: stage.session.signal, giveUp: () => ended() !== undefined }
      await waitFor(`the effects of ${orders}`, isDone, { ...limits, everyMs: 250 })
      const after = await cpuMs()
      const us = (member: Member) => ((after[member] - before[member]) * 1_000) / own
      const cpuUs = { ingress: us('ingress'), service: us('service'), mongod: us('mongod'), Kafka: us('Kafka') }
      return { orders, answers, acked: own, cpuUs }
    },
    async effects() {
      const how = ended()
      await service.stop()
      const lines = (await readFile(log, 'utf8')).split('\n')
      const amiss = [...(how === undefined ? [] : [`a process ended: ${how}`]), ...wrongEffects(lines, acked)]
      const atMs = new Map(
        lines.map(line => [line.slice(0, line.indexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
      )
      return { atMs, amiss }
    },
  }
}
