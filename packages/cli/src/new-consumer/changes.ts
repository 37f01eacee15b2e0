import { variableName } from '@hookline/consumer/loop'
import { isMap, isSeq, parseDocument } from 'yaml'
import { Failure } from '../failure.ts'

/** `infra/topics.yaml` with the dead-letter topic of a consumer, its settings those of the others. */
export function withTopic(text: string, name: string): string {
  const document = parseDocument(text)
  const topics = document.get('topics')
  if (!isSeq(topics)) throw new Failure('usage', 'infra/topics.yaml has no list of topics')
  const other = topics.items.find(item => isMap(item) && String(item.get('name')).endsWith('.dead'))
  const settings: object = isMap(other) ? other.toJSON() : {}
  const topic = document.createNode({ ...settings, name: `${name}.dead` })
  const config = topic.get('config')
  if (isMap(config)) config.flow = true
  topics.add(topic)
  return document.toString({ lineWidth: 0 })
}

/** A `tsconfig.json` that refers to the service, after the other services. */
export function withReference(text: string, name: string): string {
  const last = [...text.matchAll(/\s*\{\s*"path": "services\/[^"]*"\s*\}/g)].at(-1)
  if (!last) throw new Failure('usage', 'a tsconfig refers to no service: add the new one after the packages by hand')
  const reference = last[0].replace(/"services\/[^"]*"/, `"services/${name}"`)
  const end = last.index + last[0].length
  return `${text.slice(0, end)},${reference}${text.slice(end)}`
}

const AFTER_THE_SERVICES = '# --- the local stack'

/** `.env.example` with the variables of a service whose one target is an HTTP API of its own name. */
export function withVariables(text: string, name: string): string {
  const lines = [
    `# --- ${name}`,
    `${variableName(name, 'URL')}=https://${name}.example/api`,
    `# ${variableName(name, 'CONNECTIONS')}=64`,
    `# ${variableName(name, 'AUTHORIZATION')}=`,
  ]
  const section = `${lines.join('\n')}\n\n`
  const at = text.indexOf(AFTER_THE_SERVICES)
  return at === -1 ? `${text.trimEnd()}\n\n${section.trimEnd()}\n` : text.slice(0, at) + section + text.slice(at)
}
