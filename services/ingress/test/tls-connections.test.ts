import { useTransport } from './running-app.ts'
import { server, shown, tlsClient } from './tls-identities.ts'

useTransport({ certificate: shown(server), open: port => tlsClient(port) })

// whatever holds of connections and requests holds under TLS
await import('./connections.test.ts')
await import('./protocol.test.ts')
await import('./idle-connections.test.ts')
