import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { parse } from 'yaml'

const PROMETHEUS = fileURLToPath(new URL('../../../../infra/prometheus/', import.meta.url))

const Texts = Type.Record(Type.String(), Type.String())

const Rule = Type.Object(
  {
    alert: Type.String(),
    expr: Type.String(),
    for: Type.Optional(Type.String()),
    labels: Texts,
    annotations: Texts,
  },
  { additionalProperties: false },
)
const RuleFile = Type.Object({
  groups: Type.Array(Type.Object({ name: Type.String(), rules: Type.Array(Rule) }, { additionalProperties: false })),
})

const RuleTest = Type.Object(
  {
    name: Type.String(),
    interval: Type.String(),
    input_series: Type.Array(Type.Object({ series: Type.String(), values: Type.String() })),
    alert_rule_test: Type.Array(
      Type.Object(
        {
          alertname: Type.String(),
          eval_time: Type.String(),
          exp_alerts: Type.Optional(Type.Array(Type.Object({ exp_labels: Texts, exp_annotations: Texts }))),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)
const TestFile = Type.Object(
  { rule_files: Type.Array(Type.String()), evaluation_interval: Type.String(), tests: Type.Array(RuleTest) },
  { additionalProperties: false },
)

export type AlertRule = Type.Static<typeof Rule>
export type AlertTest = Type.Static<typeof RuleTest>

/** The paths of the files in a folder of `infra/prometheus`. */
export function filesOf(folder: 'rules' | 'tests'): readonly string[] {
  return readdirSync(`${PROMETHEUS}${folder}`)
    .toSorted()
    .map(name => `${PROMETHEUS}${folder}/${name}`)
}

export function alertRules(): readonly AlertRule[] {
  return filesOf('rules').flatMap(file => Value.Parse(RuleFile, yaml(file)).groups.flatMap(({ rules }) => rules))
}

/** The tests of a file, and how often rules are looked at in them. */
export function alertTests(file: string) {
  const { tests, evaluation_interval: every } = Value.Parse(TestFile, yaml(file))
  return { tests, every }
}

function yaml(file: string): unknown {
  return parse(readFileSync(file, 'utf8'))
}
