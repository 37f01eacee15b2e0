import { connectInbox, migrate } from '@hookline/inbox'
import { inject } from 'vitest'

/** A service's inbox and orders as the service itself opens them. Who opens it closes it. */
export async function openStore(service: string) {
  const uri = inject('mongodbUri')
  await migrate(uri, service)
  return connectInbox({ uri, database: service, appName: 'hookline tests', inboxTtlMs: 3_600_000, log: { warn() {} } })
}
