import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Stack } from '../../src/stack.ts'
import { metricsText } from './metrics.ts'
import { credentialOf, MAIL_DOMAIN, PRIVATE_NOTE, type Webhook } from './webhooks.ts'

/** How Node shows a Buffer that somebody logged: a body in disguise. */
const LOGGED_BUFFER = '"type":"Buffer"'
const SIGNATURE = /[0-9a-f]{64}/g

/**
 * Which log files and metrics of the stack show a secret, a signature, an address or a part of a body, as
 * `wms.log: an address`.
 */
export async function leaks(stack: Stack, sent: readonly Webhook[]): Promise<string[]> {
  const { points, hc } = stack.info.sources
  const credentials = new Set(sent.map(webhook => credentialOf(webhook, stack.info)))
  const words = {
    'the secret of points': points.secret,
    'the secret of hc': hc.secret,
    'an address': MAIL_DOMAIN,
    'a part of a body': PRIVATE_NOTE,
    'a buffer': LOGGED_BUFFER,
  }
  return [...(await logsOf(stack)), ...(await metricsOf(stack))].flatMap(({ name, text }) => {
    const shown = Object.entries(words).filter(([, word]) => text.includes(word))
    const isSigned = (text.match(SIGNATURE) ?? []).some(hex => credentials.has(hex))
    return [...shown.map(([what]) => what), ...(isSigned ? ['a signature'] : [])].map(what => `${name}: ${what}`)
  })
}

/** Logs that nobody wrote to: those hold no secret either. */
export async function emptyLogs(stack: Stack): Promise<string[]> {
  return (await logsOf(stack)).filter(({ text }) => text === '').map(({ name }) => name)
}

async function logsOf({ dir }: Stack) {
  const names = await readdir(join(dir, 'logs'))
  return Promise.all(names.map(async name => ({ name, text: await readFile(join(dir, 'logs', name), 'utf8') })))
}

async function metricsOf({ info }: Stack) {
  const instances = Object.entries(info.services).flatMap(([service, all]) => all.map(one => ({ service, one })))
  return Promise.all(
    instances.map(async ({ service, one }) => ({ name: `metrics of ${service}`, text: await metricsText(one) })),
  )
}
