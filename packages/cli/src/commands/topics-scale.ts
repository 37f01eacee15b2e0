import { applyTopics, describeTopics, type KafkaClient } from '@hookline/kafka'
import type { Answer } from '../answer.ts'
import { askKafka } from '../ask-kafka.ts'
import type { Config } from '../config.ts'
import { confirm } from '../confirm.ts'
import { Failure } from '../failure.ts'
import { follow, type Followed, progressText } from '../growth/follow.ts'
import { fileOf, type GrowthPlan, groupsOf, requireGrowth } from '../growth/growth-plan.ts'
import { hasFound, partiesOf } from '../growth/parties.ts'
import { interruption } from '../interruption.ts'
import { lookOf } from '../look.ts'
import { fileNotes, grownText, planText } from '../text/growth-text.ts'

export interface TopicsScaleOptions {
  topic: string
  /** How many it is to have. */
  partitions: number
  /** Ask nothing. */
  yes?: boolean
  /** Admin servers of ingresses, `http://host:port`; by default those of the local stack. */
  ingress?: readonly string[]
  /** How long everybody is waited for. */
  waitMs: number
}

interface ScaledDocument extends GrowthPlan {
  /** Partitions were added just now; false: it had them before. */
  grown: boolean
  /** Everybody of `parties` has found all partitions. */
  complete: boolean
  waited_ms: number
}

/** Where a person sees what happens; replaced in tests. */
export interface Watching {
  /** Not stdout: that is for the answer. */
  readonly say: (line: string) => void
  /** Aborted by Ctrl-C once there is something to look at. */
  readonly interrupted: () => AbortSignal
}

/** Adds partitions to a topic, then waits until every instance that reads or writes it has found them. */
export function topicsScale(config: Config, options: TopicsScaleOptions, watching = onStderr): Promise<Answer> {
  const { topic, partitions: to } = options
  return askKafka(config, async client => {
    const found = (await describeTopics(client, [topic])).get(topic)
    requireGrowth(topic, found?.partitions, to)
    const from = found?.partitions ?? to
    const asked = { topic, groups: groupsOf(config, topic), admins: options.ingress ?? config.ingressAdmins }
    const look = () => partiesOf(client, asked)
    const plan = { topic, brokers: config.brokers, from, to, parties: await look(), file: fileOf(config, topic) }
    if (from === to) watching.say(`${topic} has ${to} partitions already: nothing to grow. Who has found them?`)
    else {
      watching.say(planText(plan, lookOf(process.stderr)))
      await confirm(`Grow ${topic} from ${from} to ${to} partitions?`, { yes: options.yes ?? false })
    }
    const signal = watching.interrupted()
    const grown = from !== to && (await grow(client, { topic, to, replicationFactor: found?.replicationFactor ?? 1 }))
    const begunAt = performance.now()
    const { say } = watching
    const followed = await follow({ partitions: to, look, say, limitMs: options.waitMs, signal })
    return answerOf(plan, { grown, followed, waitedMs: Math.round(performance.now() - begunAt) })
  })
}

/** False where somebody else was first. */
async function grow(
  client: KafkaClient,
  { topic, to, replicationFactor }: { topic: string; to: number; replicationFactor: number },
): Promise<boolean> {
  const [step] = await applyTopics(client, [{ name: topic, partitions: to, replicationFactor, config: {} }])
  if (step?.kind === 'by_hand') throw new Failure('no', `${topic} ${step.reason}: somebody else has grown it just now.`)
  return step !== undefined
}

function answerOf(
  plan: GrowthPlan,
  { grown, followed, waitedMs }: { grown: boolean; followed: Followed; waitedMs: number },
): Answer {
  const parties = followed.parties ?? plan.parties
  const complete = followed.end === 'complete'
  const document: ScaledDocument = { ...plan, parties, grown, complete, waited_ms: waitedMs }
  const problem = problemOf(document, followed.end)
  return {
    document,
    text: look => {
      const notes = complete && followed.parties ? fileNotes(document) : []
      return [grownText(document, { seconds: Math.round(waitedMs / 1_000), look }), ...notes].join('\n')
    },
    ...(problem !== undefined && { problem }),
  }
}

function problemOf({ topic, to, parties, waited_ms }: ScaledDocument, end: Followed['end']): string | undefined {
  if (end === 'complete') return undefined
  const late = parties.filter(party => !hasFound(party, to)).map(party => progressText(party, to))
  const again = `Look again: npx -y pnpm@12 hookline topics scale ${topic} --partitions ${to}`
  const still = late.length === 0 ? '' : ` Not yet: ${late.join('; ')}.`
  if (end === 'interrupted') return `Kafka has grown ${topic} all the same; only the waiting ended.${still}\n${again}`
  return `Kafka has grown ${topic}, but after ${Math.round(waited_ms / 1_000)} s not everybody has found it.${still} Nothing is lost: records wait in the new partitions. Is the instance alive (/readyz)? Restart one that stays behind.\n${again}`
}

const onStderr: Watching = {
  say: line => void process.stderr.write(`${line}\n`),
  interrupted: interruption,
}
