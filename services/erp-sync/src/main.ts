import { breakerWatch, httpTarget, runConsumer } from '@hookline/service'
import { config } from './config.ts'
import { erpSync } from './erp-sync.ts'

await runConsumer({
  name: 'erp-sync',
  config,
  define: ({ config: { ERP_URL, ERP_CONNECTIONS, REQUEST_TIMEOUT_MS }, log, metrics }) => {
    const erp = httpTarget({
      name: 'erp',
      baseUrl: ERP_URL,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      connections: ERP_CONNECTIONS,
      onBreaker: breakerWatch(['erp'], { log, metrics })('erp'),
    })
    return { consumer: erpSync(erp), close: () => erp.close() }
  },
})
