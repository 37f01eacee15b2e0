import { planRedrive, storeRedrive } from '@hookline/inbox'
import type { Answer } from '../answer.ts'
import { askDatabase } from '../ask-database.ts'
import { type Config, servicesAsked } from '../config.ts'
import { confirm } from '../confirm.ts'
import { Failure } from '../failure.ts'
import { lookOf } from '../look.ts'
import { goOn } from '../redrive/go-on.ts'
import { personOf, runnerOf } from '../redrive/person.ts'
import { type ServicePlan, servicePlan } from '../redrive/plan-document.ts'
import { onStderr, type Watching } from '../redrive/watching.ts'
import { counted } from '../text/counted.ts'
import { planHead, planText } from '../text/redrive-plan-text.ts'
import type { RedrivePlanOptions } from './redrive-plan.ts'

export interface RedriveRunOptions extends RedrivePlanOptions {
  service: string
  why: string
  /** The OS user by default. */
  by?: string
  ratePerS: number
  /** Ask nothing. */
  yes?: boolean
  /** Wait until what was given back has ended. */
  follow: boolean
  /** The digest of the plan that was looked at: with another one nothing is done. */
  expect?: string
}

/** Makes the plan anew, asks, stores it with who and why, and gives the events back. */
export async function redriveRun(
  config: Config,
  options: RedriveRunOptions,
  watching: Watching = onStderr(),
): Promise<Answer> {
  const { why, ratePerS, selection, withoutPrerequisite = false } = options
  const [service = ''] = servicesAsked(config, options.service)
  if (why.trim() === '') throw new Failure('usage', 'Say why in words, with --why: it is kept with the redrive.')
  const by = personOf(options.by)
  return askDatabase(config, service, async db => {
    const plan = await planRedrive(db, options)
    const told = servicePlan(plan)
    requireExpected(told, options.expect)
    if (told.events === 0) return nothing(service, told)
    watching.say(planHead(service, told, lookOf(process.stderr)).join('\n'))
    const events = `${counted(told.events, 'event')} of ${counted(told.orders, 'order')}`
    const what = `${events} to ${service}, at most ${ratePerS} in a second`
    await confirm(`Give back ${what}?`, { yes: options.yes ?? false })
    const id = await storeRedrive(db, plan, { why, by, ratePerS, selection, withoutPrerequisite })
    watching.say(`Redrive ${id}: gives back ${what}.`)
    return goOn(db, { service, id, runner: runnerOf(by), follow: options.follow }, watching)
  })
}

function requireExpected({ digest }: ServicePlan, expected: string | undefined): void {
  if (expected === undefined || expected === digest) return
  throw new Failure(
    'no',
    `The plan is not what was expected: its digest is ${digest}. Look at it again, nothing was done.`,
  )
}

function nothing(service: string, plan: ServicePlan): Answer {
  const document = { service, id: null, events: 0, orders: 0, plan }
  const now = new Date().toISOString()
  return {
    document,
    text: look => `${planText({ now, services: { [service]: plan } }, look)}\nNothing to give back.`,
  }
}
