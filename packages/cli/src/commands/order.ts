import { orderEvents, serverNow } from '@hookline/inbox'
import type { Answer } from '../answer.ts'
import { askDatabase } from '../ask-database.ts'
import { type Config, servicesAsked } from '../config.ts'
import { orderDocument } from '../order-document.ts'
import { orderText } from '../text/order-text.ts'

/** What every service did about every event of an order, and why. */
export async function order(config: Config, orderId: string): Promise<Answer> {
  const services = servicesAsked(config)
  const found = await Promise.all(
    services.map(service =>
      askDatabase(config, service, async db => {
        const now = await serverNow(db)
        return { service, now, stories: await orderEvents(db, orderId, now) }
      }),
    ),
  )
  const now = Math.max(...found.map(({ now }) => now))
  const stories = new Map(found.map(({ service, stories }) => [service, stories]))
  const document = orderDocument(orderId, { now, stories })
  const isKnown = found.some(({ stories }) => stories.length > 0)
  return {
    document,
    text: look => (isKnown ? orderText(document, look) : ''),
    ...(!isKnown && { problem: unknown(orderId, services) }),
  }
}

function unknown(orderId: string, services: readonly string[]): string {
  const id = JSON.stringify(orderId)
  return `None of ${services.join(', ')} knows an order ${id}, of any source. It is the sender's own id (not the merchant's order number) that is asked for; \`hookline lag\` tells whether events still wait in Kafka, \`hookline quarantine list --order <id>\` whether the ingress did not take them.`
}
