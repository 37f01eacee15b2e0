import type { Instance, StackInfo } from '../../src/stack-file.ts'

/** The nth process of a service as it is now. */
export function instanceOf({ services }: StackInfo, service: string, n = 0): Instance {
  const instance = services[service]?.[n]
  if (instance === undefined) throw new Error(`there is no ${service} ${n}`)
  return instance
}

/** All metrics of one process. Rejects where it does not answer. */
export async function metricsText({ admin }: Instance): Promise<string> {
  const response = await fetch(`${admin}/metrics`, { signal: AbortSignal.timeout(2_000) })
  return response.text()
}

/** A metric of one process, over all of its labels. Rejects where the process does not answer. */
export async function metricOf(instance: Instance, name: string): Promise<number> {
  const lines = (await metricsText(instance)).split('\n')
  const values = lines.filter(line => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
  if (values.length === 0) throw new Error(`${instance.admin} has no metric ${name}`)
  return values.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
}

/** A metric of all present processes of a service, over the labels that say `label`, such as `outcome="outage"`. */
export async function sumOf(
  { services }: StackInfo,
  service: string,
  metric: { name: string; label?: string },
): Promise<number> {
  const { name, label = '' } = metric
  const texts = await Promise.all((services[service] ?? []).map(metricsText))
  const lines = texts.flatMap(text => text.split('\n'))
  const values = lines.filter(
    line => (line.startsWith(`${name} `) || line.startsWith(`${name}{`)) && line.includes(label),
  )
  if (values.length === 0) throw new Error(`${service} has no metric ${name} ${label}`)
  return values.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
}
