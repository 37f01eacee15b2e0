import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createLog, createMetrics } from '@hookline/service'
import { expect, test } from 'vitest'
import { ingressMetrics } from '../src/ingress-metrics.ts'
import { loadSecrets } from '../src/secrets/load.ts'
import { secretsReload } from '../src/secrets/reload.ts'
import { declaredSources } from '../src/sources/declared-sources.ts'
import { openSources } from '../src/sources/open-sources.ts'
import { testFolder } from './mounted.ts'
import { bytesOf, hcBody, pointsBody } from './requests.ts'
import { NOW, runningApp } from './running-app.ts'
import { schemes, secretOf } from './schemes.ts'
import { shop, shopBody } from './shop.ts'
import { stream } from './stream.ts'

const [shared, hmac, standard] = schemes
const senders = [
  { name: 'points', body: Buffer.from(pointsBody()), headersOf: shared.headersOf },
  { name: 'hc', body: Buffer.from(hcBody()), headersOf: hmac.headersOf },
  { name: 'side-shop', body: shopBody(), headersOf: standard.headersOf },
]
const declared = [...declaredSources, shop]
const OLD = { id: 'old', secret: secretOf(1) }
const NEW = { id: 'new', secret: secretOf(2) }

test.each(senders)('$name: old, both, new under load: none is refused, and afterwards the old one is', async sender => {
  const file = join(await testFolder(), 'secrets.json')
  const write = (...entries: readonly object[]) => writeFile(file, JSON.stringify({ [sender.name]: entries }))
  await write(OLD)
  const rules = { declared, production: true, productionFingerprints: new Set<string>() }
  const load = () => loadSecrets({ path: file, values: {}, rules }, NOW)
  const first = await load()
  if (!first.ok) throw new Error(first.problems.join('; '))
  const sources = openSources({ declared, secrets: first.value, values: {} })
  const keyrings = new Map(sources.map(({ catalogue, keyring }) => [catalogue.source, keyring]))
  const ingress = await runningApp(() => new Promise(resolve => setImmediate(resolve)), { sources })
  const log = createLog({ service: 'ingress', level: 'error' })
  const metrics = ingressMetrics(createMetrics(), sources)
  const { look } = secretsReload({ load, first: first.value, keyrings, log, metrics, now: () => NOW })

  const { body, headersOf } = sender
  const request = (made: 'old' | 'new') => {
    const pairs = headersOf(body, made === 'old' ? OLD.secret : NEW.secret)
    const own = Object.fromEntries(pairs.flatMap((name, at) => (at % 2 === 0 ? [[name, pairs[at + 1] ?? '']] : [])))
    const headers = { 'content-type': 'application/json', ...own }
    return { made, bytes: bytesOf({ path: `/webhooks/${sender.name}`, headers, body }) }
  }
  const byMade = { old: request('old'), new: request('new') }
  // how many of ten connections have taken the new one
  let taken = 0
  const load10 = stream({
    port: ingress.port,
    connections: 10,
    request: connection => byMade[connection < taken ? 'new' : 'old'],
  })
  await load10.more('old', 200)
  await write(OLD, NEW)
  expect(await look()).toBe('changed')
  for (taken = 1; taken < 10; taken++) await load10.more('new', 30)
  await load10.only('new')
  await write(NEW)
  expect(await look()).toBe('changed')
  await load10.more('new', 200)
  await load10.stop()

  const answers = load10.answers()
  expect(Object.keys(answers).toSorted()).toEqual(['new 200', 'old 200'])
  expect((await ingress.ask(byMade.old.bytes))?.statusCode).toBe(401)
  expect((await ingress.ask(byMade.new.bytes))?.statusCode).toBe(200)
  const verified = (id: string) =>
    ingress.metric(`hookline_webhooks_verified_total{source="${sender.name}",secret="${id}"}`)
  expect(await verified('old')).toBe(answers['old 200'])
  expect(await verified('new')).toBe((answers['new 200'] ?? 0) + 1)
  await ingress.app.close()
})
