import { runConsumer } from '@hookline/service'
import { wms } from './wms.ts'

await runConsumer(wms)
