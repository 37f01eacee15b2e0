import { type DeadSelection, planRedrive, serverNow } from '@hookline/inbox'
import type { Answer } from '../answer.ts'
import { askDatabase } from '../ask-database.ts'
import { type Config, servicesAsked } from '../config.ts'
import { type ServicePlan, servicePlan } from '../redrive/plan-document.ts'
import { planText } from '../text/redrive-plan-text.ts'

export interface RedrivePlanOptions {
  service?: string
  selection: DeadSelection
  limit: number
  withoutPrerequisite?: boolean
}

export interface RedrivePlanDocument {
  /** By MongoDB's clock. */
  now: string
  services: Record<string, ServicePlan>
}

/** What a redrive would do now, for each event. Nothing is changed. */
export async function redrivePlan(config: Config, { service, ...options }: RedrivePlanOptions): Promise<Answer> {
  const names = servicesAsked(config, service)
  const found = await Promise.all(
    names.map(name =>
      askDatabase(config, name, async db => {
        const now = await serverNow(db)
        return { name, now, plan: servicePlan(await planRedrive(db, options)) }
      }),
    ),
  )
  const document: RedrivePlanDocument = {
    now: new Date(Math.max(...found.map(({ now }) => now))).toISOString(),
    services: Object.fromEntries(found.map(({ name, plan }) => [name, plan])),
  }
  return { document, text: look => planText(document, look) }
}
