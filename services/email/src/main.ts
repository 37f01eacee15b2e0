import { runConsumer } from '@hookline/service'
import { email } from './email.ts'

await runConsumer(email)
