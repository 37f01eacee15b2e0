import { breakerWatch, httpTarget, runConsumer } from '@hookline/service'
import { config } from './config.ts'
import { wms } from './wms.ts'

await runConsumer({
  name: 'wms',
  config,
  define: ({ config: { WMS_URL, WMS_CONNECTIONS, REQUEST_TIMEOUT_MS }, log, metrics }) => {
    const warehouse = httpTarget({
      name: 'wms',
      baseUrl: WMS_URL,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      connections: WMS_CONNECTIONS,
      onBreaker: breakerWatch(['wms'], { log, metrics })('wms'),
    })
    return { consumer: wms(warehouse), close: () => warehouse.close() }
  },
})
