import { startSandbox } from './sandbox.ts'

// The sandboxes as a process: ERP_PORT, WMS_PORT, MAIL_PORT (HTTP), SMTP_PORT, HOST; a port that is not set is any free one.
const port = (name: string): number => Number(process.env[name] ?? 0)

const sandbox = await startSandbox({
  host: process.env.HOST ?? '127.0.0.1',
  erpPort: port('ERP_PORT'),
  wmsPort: port('WMS_PORT'),
  mailPort: port('MAIL_PORT'),
  smtpPort: port('SMTP_PORT'),
})
const { erp, wms, mail, smtp } = sandbox
process.stdout.write(`${JSON.stringify({ msg: 'sandbox ready', erp, wms, mail, smtp })}\n`)

const closed = new Promise<void>(resolve => {
  const end = (): void => resolve(sandbox.close())
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
})
await closed
