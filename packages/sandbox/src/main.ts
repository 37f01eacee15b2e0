import { startSandbox } from './sandbox.ts'

// The sandboxes as a process: ERP_PORT, WMS_PORT, MAIL_PORT (HTTP), SMTP_PORT, HOST; a port that is not set is any free one.
// TARGETS: more HTTP targets, by name and port, such as loyalty:9200,crm:9201.
const port = (name: string): number => Number(process.env[name] ?? 0)
const targets = (process.env.TARGETS ?? '').split(',').filter(Boolean)

const sandbox = await startSandbox({
  host: process.env.HOST ?? '127.0.0.1',
  erpPort: port('ERP_PORT'),
  wmsPort: port('WMS_PORT'),
  mailPort: port('MAIL_PORT'),
  smtpPort: port('SMTP_PORT'),
  targets: Object.fromEntries(targets.map(target => namedPort(target))),
})
const { close: _, ...places } = sandbox
process.stdout.write(`${JSON.stringify({ msg: 'sandbox ready', ...places })}\n`)

const closed = new Promise<void>(resolve => {
  const end = (): void => resolve(sandbox.close())
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
})
await closed

function namedPort(text: string): [name: string, port: number] {
  const [, name, digits] = /^([A-Za-z0-9_-]+):(\d+)$/.exec(text) ?? []
  if (name === undefined) throw new Error(`TARGETS: ${JSON.stringify(text)} is not name:port`)
  return [name, Number(digits)]
}
