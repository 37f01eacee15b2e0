import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Script } from 'node:vm'
import { topicServices } from '../topic-services.ts'
import { exportName } from '@hookline/consumer/loop'
import { type TemplateFile, wordsOf } from './template.ts'

/** At once a topic, a database, a group, a folder and a variable: the kit's own rule, without what makes no variable. */
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const MAX_LENGTH = 63

/** Names that mean something else, and what. */
const RESERVED = new Map([
  ...['admin', 'config', 'local'].map(name => [name, "one of MongoDB's own databases"] as const),
  ...['kafka', 'mongodb', 'sandbox'].map(name => [name, 'a process of the local stack'] as const),
  ...['erp', 'wms', 'mail'].map(name => [name, 'a stand-in of the local stack'] as const),
])

/** Why no consumer can have this name; undefined: it can. */
export function nameProblem(
  name: string,
  { root, template }: { root: string; template: readonly TemplateFile[] },
): string | undefined {
  if (name.length > MAX_LENGTH || !NAME.test(name)) {
    return `it must be words of small letters and digits joined by -, the first a letter, at most ${MAX_LENGTH} characters, such as gift-cards`
  }
  const taken = [`services/${name}`, `packages/${name}`].find(path => existsSync(join(root, path)))
  if (taken !== undefined) return `${taken} is there already`
  if (topicServices(root).includes(name)) return `infra/topics.yaml has a topic ${name}.dead already`
  const meaning = RESERVED.get(name)
  if (meaning !== undefined) return `it is ${meaning}`
  const variable = exportName(name)
  if (!isVariable(variable)) return `${variable} is a word of JavaScript`
  if (wordsOf(template).has(variable)) return `${variable} is a name in the code that is written for it`
  return undefined
}

function isVariable(name: string): boolean {
  try {
    // only parsed, in the strict code of a module; never run
    void new Script(`'use strict'; async () => { const ${name} = 0 }`)
    return name !== 'undefined'
  } catch {
    return false
  }
}
