import type { Consumer } from '@hookline/consumer'
import { serviceDefinitions } from '../service-definitions.ts'
import { withoutClients } from '../without-clients.ts'

/** What these consumer services, or all, declare of their effects. Throws an `Error` that says what is missing. */
export async function definitions(services?: readonly string[]): Promise<readonly Consumer[]> {
  return (await serviceDefinitions(services)).map(withoutClients)
}
