import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parseTopics } from '../src/index.ts'
import { type Permission, permissions } from './secure/acls.ts'

const REPOSITORY = join(import.meta.dirname, '../../..')
const textOf = (name: string) => readFileSync(join(REPOSITORY, name), 'utf8')

/** What a line of `kafka-acls.sh` gives. */
function given(line: string): Permission[] {
  const options = [...line.matchAll(/--(\S+) (?!--)(\S+)/g)].map(([, option = '', value = '']) => ({ option, value }))
  const values = (name: string) => options.filter(({ option }) => option === name).map(({ value }) => value)
  const user = values('allow-principal').join().replace('User:', '')
  const pattern = values('resource-pattern-type').includes('prefixed') ? 'prefix' : 'literal'
  return (['topic', 'group'] as const).flatMap(type =>
    values(type).flatMap(name =>
      values('operation').map(operation => ({ user, type, name, pattern, operation }) as const),
    ),
  )
}

const sentences = (all: readonly Permission[]) =>
  all.map(({ user, type, name, pattern, operation }) => `${user}: ${operation} ${type} ${name} (${pattern})`).toSorted()

const documented = (textOf('docs/operations/kafka-security.md').match(/^kafka-acls\.sh .*$/gm) ?? []).flatMap(given)
/** Consumers that were added: the page tells how, for all of them at once. */
const added = [...new Set(permissions().map(({ user }) => user))].filter(
  user => !documented.some(one => one.user === user),
)
const isOf = (service: string, { user, name }: Permission) =>
  user === service || name === service || name === `${service}.dead`

it('the commands of docs/operations/kafka-security.md give what infra/acls.yaml gives', () => {
  const ours = permissions().filter(one => !added.some(service => isOf(service, one)))
  expect(sentences(documented)).toEqual(sentences(ours))
})

it('a consumer that was added has the permissions of the others under its own name', () => {
  const of = (service: string) => sentences(permissions().filter(one => isOf(service, one)))
  for (const service of [...added, 'wms']) {
    const named = of('erp-sync').map(sentence => sentence.replaceAll('erp-sync', service))
    expect(of(service)).toEqual(named.toSorted())
  }
})

it('permissions are for the topics of infra/topics.yaml, and nobody has more than an operation by name', () => {
  const topics = new Set(parseTopics(textOf('infra/topics.yaml')).map(({ name }) => name))
  const unknown = permissions().filter(({ type, name }) => type === 'topic' && !topics.has(name))
  expect(unknown).toEqual([])
  expect(permissions().filter(({ name, operation }) => name === '*' || operation === 'All')).toEqual([])
})

it('nobody but the ingress, and the operator who releases what it kept, writes events, and no consumer reads what another one puts away', () => {
  const may = (operation: string, name: string) =>
    permissions().flatMap(one => (one.operation === operation && one.name === name ? one.user : []))
  expect([may('Write', 'points.webhook'), may('Write', 'hc.webhook')]).toEqual([
    ['ingress', 'operator'],
    ['ingress', 'operator'],
  ])
  expect(may('Write', 'erp-sync.dead')).toEqual(['erp-sync'])
  expect(may('Read', 'erp-sync.dead')).toEqual(['operator'])
  expect(may('Read', 'webhook.rejected')).toEqual(['operator'])
})
