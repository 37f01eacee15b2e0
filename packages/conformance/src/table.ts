import Table from 'cli-table3'
import { CHECKS } from './checks/check-names.ts'
import type { Finding, Verdict } from './checks/verdict.ts'
import type { Conformity } from './conform.ts'

const SHOWN_FINDINGS = 5
const WIDTH = 100

/** The table at the end, and under it what was seen where something failed, and what to do. */
export function tableOf(
  { service, kit, verdicts, requests, tookMs, ended }: Conformity,
  style: { colours: boolean },
): string {
  const table = new Table({
    head: ['check', 'outcome', 'what was seen'],
    style: style.colours
      ? { head: ['bold'], border: ['gray'], compact: true }
      : { head: [], border: [], compact: true },
    colWidths: [null, null, WIDTH - 40],
    wordWrap: true,
  })
  table.push(...verdicts.map(verdict => [verdict.check, verdict.outcome, inShort(verdict)]))
  const failed = verdicts.filter(verdict => verdict.outcome === 'failed')
  const seconds = Math.round(tookMs / 1_000)
  const built = kit ? 'built with the kit' : 'not built with the kit'
  return [
    table.toString(),
    `${service}, ${built}: ${requests.toLocaleString('en-US')} requests, ${seconds} s.`,
    ...failed.map(detailOf),
    ...(ended === undefined ? [] : ['', `The run could not go on: ${ended}`]),
    failed.length === 0 ? 'Nothing failed.' : `${failed.length} of ${verdicts.length} checks failed.`,
  ].join('\n')
}

function inShort(verdict: Verdict): string {
  switch (verdict.outcome) {
    case 'passed':
      return verdict.note
    case 'not applicable':
      return verdict.why
    case 'failed':
      return verdict.findings[0]?.what ?? ''
  }
}

function detailOf(verdict: Extract<Verdict, { outcome: 'failed' }>): string {
  const { check, findings } = verdict
  const { guarantee, cure } = CHECKS[check]
  const shown = findings.slice(0, SHOWN_FINDINGS)
  const more = findings.length - shown.length
  return [
    '',
    `${check}: ${guarantee}`,
    ...shown.map(finding => `  ${lineOf(finding)}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    `  What to do: ${cure}`,
  ].join('\n')
}

function lineOf({ order, what }: Finding): string {
  return order === undefined ? what : `${order}: ${what}`
}
