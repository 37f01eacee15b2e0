import { runConsumer } from '@hookline/service'
import { erpSync } from './erp-sync.ts'

await runConsumer(erpSync)
