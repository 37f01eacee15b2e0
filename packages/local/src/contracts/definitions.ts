import type { Consumer, ConsumerService } from '@hookline/consumer'
import { serviceDefinitions } from '../service-definitions.ts'

/** What these consumer services, or all, declare of their effects. Throws an `Error` that says what is missing. */
export async function definitions(services?: readonly string[]): Promise<readonly Consumer[]> {
  return (await serviceDefinitions(services)).map(declared)
}

function declared(service: ConsumerService): Consumer {
  const clients = Object.fromEntries(Object.keys(service.targets).map(name => [name, noClient]))
  const values = Object.entries(service.config).map(([name, schema]) => [
    name,
    'default' in schema ? schema.default : undefined,
  ])
  return service.with(clients, Object.fromEntries(values))
}

/** In place of a service's clients: a definition only hands them on to its handlers, and no handler runs here. */
// oxlint-disable-next-line typescript/no-explicit-any -- a client of any type
const noClient: any = new Proxy(() => {}, {
  get: () => noClient,
  apply: () => {
    throw new Error('a definition must use its clients in its handlers only')
  },
})
