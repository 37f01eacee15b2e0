import { serve } from './webhook-server.ts'

// What HTTP alone costs: verified and answered, and stored nowhere.

await serve(() => {})
