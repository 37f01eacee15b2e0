import Handlebars from 'handlebars'
import type { Language } from './language.ts'

/** Handlebars sources. Paragraphs that come out empty are left out. */
interface MailText {
  subject: string
  paragraphs: readonly string[]
}

export type MailTemplate = Readonly<Record<Language, MailText>>

export type Values = Readonly<Record<string, string | boolean | undefined>>

export interface Rendered {
  subject: string
  text: string
  html: string
}

const DIRECTION: Readonly<Record<Language, 'ltr' | 'rtl'>> = { en: 'ltr', ar: 'rtl' }

/** A pure function of its arguments. Values are escaped in `html`, and as they are in `subject` and `text`. */
export function render(template: MailTemplate, language: Language, values: Values): Rendered {
  const { subject, paragraphs } = template[language]
  const plain = (source: string): string => compiled(source, true)(values)
  const escaped = (source: string): string => compiled(source, false)(values)
  return {
    subject: plain(subject),
    text: `${paragraphs.map(plain).filter(isNotEmpty).join('\n\n')}\n`,
    html: page(language, paragraphs.map(escaped).filter(isNotEmpty)),
  }
}

const templates = new Map<string, HandlebarsTemplateDelegate>()

/** Compiled once each: a compilation costs a thousand times a rendering. */
function compiled(source: string, noEscape: boolean): HandlebarsTemplateDelegate {
  const key = `${noEscape} ${source}`
  const template = templates.get(key) ?? Handlebars.compile(source, { noEscape })
  templates.set(key, template)
  return template
}

function page(language: Language, paragraphs: readonly string[]): string {
  const body = paragraphs.map(paragraph => `<p>${paragraph}</p>`).join('\n')
  return `<!doctype html>
<html lang="${language}" dir="${DIRECTION[language]}">
<head><meta charset="utf-8"></head>
<body>
${body}
</body>
</html>
`
}

function isNotEmpty(paragraph: string): boolean {
  return paragraph.trim() !== ''
}
