import { clean } from './clean.ts'

/** Broken between words to fit `width`, every line indented by so many columns. A word that is longer stands by itself. */
export function paragraph(text: string, { width, indent }: { width: number; indent: number }): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of clean(text).split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && indent + longer.length > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line].map(one => ' '.repeat(indent) + one)
}
