import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { TEMPLATE } from './checkout.ts'
import { exportName } from '@hookline/consumer/loop'

const NAME = basename(TEMPLATE)
const FOLDERS = ['src', 'test']
const FILES = ['package.json', 'tsconfig.json']

/** A file of a service. */
export interface TemplateFile {
  /** From the service's folder. */
  readonly path: string
  readonly text: string
}

/** The service that is copied. */
export function readTemplate(root: string): readonly TemplateFile[] {
  const folder = join(root, TEMPLATE)
  const inFolders = FOLDERS.flatMap(name =>
    readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1)),
  )
  return [...FILES, ...inFolders.toSorted()].map(path => ({ path, text: readFileSync(join(folder, path), 'utf8') }))
}

/** The same service under another name. */
export function renamed(template: readonly TemplateFile[], name: string): readonly TemplateFile[] {
  return template.map(({ path, text }) => ({ path: path.replaceAll(NAME, name), text: renamedText(text, name) }))
}

function renamedText(text: string, name: string): string {
  const quoted = exportName(name) === name ? name : `'${name}'` // as the formatter has it
  return text
    .replaceAll(`${TEMPLATE}/`, `services/${name}/`)
    .replaceAll(`'${NAME}':`, `${quoted}:`)
    .replaceAll(exportName(NAME), exportName(name))
    .replaceAll(NAME, name)
}

/** Every word of its code: what it imports and declares, and more. */
export function wordsOf(template: readonly TemplateFile[]): ReadonlySet<string> {
  const code = template.filter(({ path }) => path.endsWith('.ts')).map(({ text }) => text)
  const bare = code
    .join('\n')
    .replaceAll(/\/\/[^\n]*|\/\*.*?\*\/|'[^'\n]*'/gs, comment => comment.replaceAll(/\w/g, ' '))
  return new Set(bare.match(/\w+/g))
}
