import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual, promisify } from 'node:util'
import { createLog, createMetrics } from '@hookline/service'
import { describe, expect, test } from 'vitest'
import { ingressMetrics } from '../src/ingress-metrics.ts'
import { quarantine } from '../src/quarantine/quarantine.ts'
import { secretsReload } from '../src/secrets/reload.ts'
import { unlimited } from '../src/secrets/secret.ts'
import type { SecretsBySource } from '../src/secrets/secret.ts'
import { MIN_FAILED } from '../src/waves/is-wave.ts'
import { watchWaves } from '../src/waves/watch.ts'
import { firing } from './prometheus/alerts.ts'
import { durationMs } from './prometheus/duration.ts'
import { inputSeries } from './prometheus/input-series.ts'
import { alertRules, alertTests, filesOf } from './prometheus/rules.ts'
import type { AlertRule, AlertTest } from './prometheus/rules.ts'
import { nodesNamed, parsed, selectorOf } from './prometheus/syntax.ts'
import { NOW, opened } from './running-app.ts'

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url))
const rules = alertRules()
const files = filesOf('tests').map(alertTests)
const tests = files.flatMap(file => file.tests.map(one => ({ ...one, every: file.every })))

/** What each of a test's questions is answered by these rules, beside what it should be. */
function outcome(one: AlertTest & { every: string }, judged: readonly AlertRule[]) {
  const series = one.input_series.map(input => inputSeries(input, durationMs(one.interval)))
  return one.alert_rule_test.map(({ alertname, eval_time, exp_alerts = [] }) => {
    const time = { everyMs: durationMs(one.every), atMs: durationMs(eval_time) }
    const fired = judged.filter(({ alert }) => alert === alertname).flatMap(rule => firing(rule, series, time))
    return { at: `${alertname} at ${eval_time}`, fired, expected: exp_alerts }
  })
}

test.each(tests)('$name', one => {
  for (const { at, fired, expected } of outcome(one, rules)) expect({ at, fired }).toEqual({ at, fired: expected })
})

describe('the rule tests', () => {
  /** Whether all that is asked of this rule is answered as it should be. */
  const passes = (rule: AlertRule) =>
    tests.every(one => {
      const own = { ...one, alert_rule_test: one.alert_rule_test.filter(({ alertname }) => alertname === rule.alert) }
      return outcome(own, [rule]).every(({ fired, expected }) => isDeepStrictEqual(fired, expected))
    })

  test.each(rules)('fail where $alert never fires, fires always or too soon, or says something else', rule => {
    const { expr, annotations, labels, for: hold, ...rest } = rule
    const changes: Record<string, AlertRule> = {
      never: { ...rule, for: '1h' },
      always: { ...rule, expr: expr.replace(/(?:[<>]=?|==) *[\d.]+/, '>= 0') },
      another: { ...rule, annotations: { ...annotations, summary: 'another' } },
      milder: { ...rule, labels: { ...labels, severity: 'another' } },
      ...(hold !== undefined && { hasty: { ...rest, expr, annotations, labels } }),
    }
    expect(passes(rule)).toBe(true)
    const missed = Object.entries(changes).filter(([, change]) => passes(change))
    expect(missed.map(([name]) => name)).toEqual([])
  })
})

test('a wave begins in the alert with as many failures as in the log', () => {
  const { expr = '' } = rules.find(({ alert }) => alert === 'WebhookVerificationFailing') ?? {}
  expect(expr).toMatch(new RegExp(`not_verified_last_minute\\) >= ${MIN_FAILED}$`, 'm'))
})

test('every rule has a severity that is known, and a runbook that is there', () => {
  const wrong = rules.filter(({ labels: { severity = '' }, annotations: { runbook = 'none' } }) => {
    return !['page', 'ticket'].includes(severity) || !existsSync(join(REPOSITORY, runbook))
  })
  expect(wrong.map(({ alert }) => alert)).toEqual([])
})

test('the operators can read of every rule, and of its severity', () => {
  const text = readFileSync(join(REPOSITORY, 'docs/operations/alerts.md'), 'utf8')
  const told = [...text.matchAll(/^\| `(\w+)` +\| (\w+) /gm)].map(([, alert, severity]) => [alert, severity])
  expect(told).toEqual(rules.map(({ alert, labels }) => [alert, labels['severity']]))
})

test('every metric, label and value that the rules and their texts ask for is measured', async () => {
  const there = await measured()
  const asked = rules.flatMap(({ expr, annotations }) => [expr, ...Object.values(annotations).flatMap(queriesOf)])
  const selectors = asked.flatMap(text => nodesNamed('VectorSelector', parsed(text)).map(selectorOf))
  expect(new Set(selectors.map(({ metric }) => metric)).size).toBeGreaterThan(5)
  for (const { metric, matchers } of selectors) {
    expect([...there.keys()]).toContain(metric)
    for (const { label, value } of matchers) {
      const values = (there.get(metric) ?? []).map(labels => labels[label])
      expect(values, `${label} of ${metric}`).toEqual(expect.arrayContaining(value.split('|')))
    }
  }
  for (const { expr } of rules) {
    const metrics = nodesNamed('VectorSelector', parsed(expr)).map(node => selectorOf(node).metric)
    const labels = nodesNamed('GroupingLabels', parsed(expr)).flatMap(({ children }) =>
      children.map(({ text }) => text),
    )
    for (const metric of metrics) for (const label of labels) expect(there.get(metric)?.[0]).toHaveProperty(label)
  }
})

/** What the service measures, as `main.ts` composes it: by metric, the labels of its series. */
async function measured() {
  const metrics = createMetrics()
  const sources = opened()
  const ours = ingressMetrics(metrics, sources)
  const log = createLog({ service: 'ingress', level: 'error' })
  const keyrings = new Map(sources.map(({ catalogue, keyring }) => [catalogue.source, keyring]))
  const first: SecretsBySource = new Map([
    ['points', { secrets: [unlimited('env', 'a', 'b')], rotatingUntil: -Infinity }],
  ])
  secretsReload({
    load: () => Promise.resolve({ ok: true, value: first }),
    first,
    keyrings,
    log,
    metrics: ours,
    now: () => NOW,
  })
  ours.certificateLeft(() => 0)
  const names = [...keyrings.keys()]
  const limits = { maxRecords: 1, maxBytes: 1 }
  quarantine({ sources: names, limits, publish: async () => undefined, log, metrics: ours, now: () => NOW })
  watchWaves({ sources: names, secrets: () => first, log, metrics: ours, now: () => NOW })
  const all = await metrics.registry.getMetricsAsJSON()
  return new Map(all.map(({ name, values }) => [name, values.map(({ labels }) => labels)]))
}

/** With a source in the place of what is filled in. */
function queriesOf(template: string): readonly string[] {
  return [...template.matchAll(/range query (?:\(printf )?("(?:[^"\\]|\\.)*")/g)].map(([, quoted = '']) =>
    String(JSON.parse(quoted)).replace('%q', '"points"'),
  )
}

/** Where promtool is installed, it has the last word. */
const promtool = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map(folder => join(folder, 'promtool'))
  .filter(file => existsSync(file))
  .slice(0, 1)

test.each(promtool)('the same holds for Prometheus itself: %s', async file => {
  const run = promisify(execFile)
  expect(await run(file, ['check', 'rules', ...filesOf('rules')])).toBeDefined()
  expect(await run(file, ['test', 'rules', ...filesOf('tests')])).toBeDefined()
})
