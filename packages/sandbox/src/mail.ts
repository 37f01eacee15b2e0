import type { FastifyInstance } from 'fastify'
import { addControlRoutes, createApp } from './control-routes.ts'
import { createFaults } from './faults.ts'
import { createLedger } from './ledger.ts'
import { createSmtp } from './smtp.ts'
import type { SmtpSide } from './smtp.ts'

/** A mail that was accepted. */
export type Message = {
  n: number
  at: string
  order_id: string
  /** The recipients' addresses of the envelope, joined by a comma. */
  to: string
  subject: string
  text: string
  html: string
  message_id: string
}

/** The stand-in mail server: SMTP on one port, what it accepted (`/messages`, `/ledger`) and `/faults` on another. */
export function createMail(): { app: FastifyInstance; smtp: SmtpSide } {
  const messages: Message[] = []
  const messagesOfOrder = new Map<string, Message[]>()
  const ledger = createLedger()
  const faults = createFaults()
  const app = createApp()

  function keep(message: Message): void {
    messages.push(message)
    const ofOrder = messagesOfOrder.get(message.order_id)
    if (ofOrder) ofOrder.push(message)
    else messagesOfOrder.set(message.order_id, [message])
  }

  addControlRoutes(app, { ledger, faults })
  app.get<{ Querystring: { order_id?: string } }>('/messages', request => {
    const { order_id: orderId } = request.query
    return { messages: orderId === undefined ? messages : (messagesOfOrder.get(orderId) ?? []) }
  })
  return { app, smtp: createSmtp({ ledger, faults, keep }) }
}
