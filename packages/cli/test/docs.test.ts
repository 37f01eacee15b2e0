import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { expect, it } from 'vitest'
import { program } from '../src/program.ts'

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url))
const hookline = program(() => Promise.resolve())
const docs = [
  'README.md',
  ...readdirSync(join(REPOSITORY, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .map(name => join('docs', name)),
]

/** Words of each command that a text names: to the end of its code span, line or comment. */
function commandsIn(text: string): string[] {
  const found = [...text.matchAll(/(?:pnpm@12 (?:-s )?|`)hookline ([^`\n#|]+)/g)]
  return found.map(([, words = '']) => words.trim()).filter(words => !words.startsWith('…'))
}

/** What is wrong with a command, in words; undefined where it is one of ours with options that it has. */
function wrong(words: string): string | undefined {
  let command: Command = hookline
  for (const word of words.split(/\s+/)) {
    if (word.startsWith('--')) {
      const name = word.replace(/=.*/, '')
      if (!command.options.some(({ long }) => long === name)) return `${words}: no option ${name}`
      continue
    }
    if (command.commands.length === 0) continue
    const next = command.commands.find(one => one.name() === word)
    if (next === undefined) return `${words}: no command ${word}`
    command = next
  }
  return undefined
}

it.each(docs)('every hookline command in %s is one, with the options that it has', name => {
  const commands = commandsIn(readFileSync(join(REPOSITORY, name), 'utf8'))
  expect(commands.flatMap(words => wrong(words) ?? [])).toEqual([])
})

it('a command or an option that is none is seen', () => {
  const text = 'Run `hookline topics grow x` or npx -y pnpm@12 hookline topics scale x --partition 3 # or so'
  expect(commandsIn(text).map(wrong)).toEqual([
    'topics grow x: no command grow',
    'topics scale x --partition 3: no option --partition',
  ])
})
