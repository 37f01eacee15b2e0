import type { Effect } from './effect.ts'

const NAME = /^[a-z][a-z0-9-]{0,62}$/
const EFFECT_NAME = /^[a-z][a-z0-9_]{0,62}$/

/** Throws an `Error` that says what to change. */
export function checkDefinition(definition: {
  name: string
  effects?: readonly Effect[]
  targets?: readonly string[]
}): void {
  const { name, effects, targets = [] } = definition
  if (!NAME.test(name)) throw new Error(`consumer name ${JSON.stringify(name)}: use ${NAME.source}`)
  const target = targets.find(one => !NAME.test(one))
  if (target !== undefined) {
    throw new Error(`target ${JSON.stringify(target)} of consumer ${name}: use ${NAME.source}`)
  }
  if (!effects) return
  if (effects.length === 0) throw new Error(`consumer ${name} declares no effect`)
  const seen = new Set<string>()
  for (const effect of effects) {
    const problem = problemOf(effect) ?? (seen.has(effect.name) ? 'is declared twice' : undefined)
    if (problem !== undefined) throw new Error(`effect ${JSON.stringify(effect.name)} of consumer ${name}: ${problem}`)
    seen.add(effect.name)
  }
}

function problemOf({ name, policy, part, terminal, retries = {}, timeoutMs }: Effect): string | undefined {
  if (!EFFECT_NAME.test(name)) return `use ${EFFECT_NAME.source}`
  if (policy === 'every' && (part || terminal)) {
    return '`part` and `terminal` are about the floor, which policy `every` does not have'
  }
  const numbers = Object.entries({ ...retries, timeoutMs })
  const wrong = numbers.find(([, value]) => value !== undefined && !(Number.isInteger(value) && value >= 1))
  if (wrong) return `\`${wrong[0]}\` is not a whole number above 0`
  const { backOffMinMs, backOffMaxMs } = retries
  if (backOffMinMs !== undefined && backOffMaxMs !== undefined && backOffMinMs > backOffMaxMs) {
    return '`backOffMinMs` is above `backOffMaxMs`'
  }
  return undefined
}
