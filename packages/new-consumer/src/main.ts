import { runConsumer } from '@hookline/service'
import { newConsumer } from './new-consumer.ts'

await runConsumer(newConsumer)
