import { createErp } from './erp.ts'
import { createGeneric } from './generic.ts'
import { createMail } from './mail.ts'
import { createWms } from './wms.ts'

/** Where to listen; port 0 (the default) takes any free one. */
export type SandboxOptions = {
  /** Default 127.0.0.1. */
  host?: string
  erpPort?: number
  wmsPort?: number
  /** The HTTP side of the mail server: its ledger, messages and faults. */
  mailPort?: number
  smtpPort?: number
  /** More HTTP targets, which take any path: the port of each by its name. */
  targets?: Readonly<Record<string, number>>
}

/** The stand-ins as they run: base URLs without a trailing slash, and how to end them. */
export type Sandbox = {
  erp: string
  wms: string
  mail: string
  smtp: string
  /** Of the targets that take any path, by their names. */
  targets: Readonly<Record<string, string>>
  close(): Promise<void>
}

/** Starts the ERP, the warehouse, the mail server and the targets that are named. Closes what it opened when one of them cannot listen. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { host = '127.0.0.1', erpPort = 0, wmsPort = 0, mailPort = 0, smtpPort = 0, targets = {} } = options
  const open = new AsyncDisposableStack()
  try {
    const erp = open.adopt(await createErp(), app => app.close())
    const wms = open.adopt(await createWms(), app => app.close())
    const mail = createMail()
    open.defer(() => mail.app.close())
    const urls = {
      erp: await erp.listen({ host, port: erpPort }),
      wms: await wms.listen({ host, port: wmsPort }),
      mail: await mail.app.listen({ host, port: mailPort }),
    }
    const { port } = await mail.smtp.listen({ host, port: smtpPort })
    open.defer(() => mail.smtp.close())
    const generic: Record<string, string> = {}
    for (const [name, port] of Object.entries(targets)) {
      const app = open.adopt(await createGeneric(), one => one.close())
      generic[name] = await app.listen({ host, port })
    }
    return { ...urls, targets: generic, smtp: `smtp://${host}:${port}`, close: () => open.disposeAsync() }
  } catch (error) {
    await open.disposeAsync()
    throw error
  }
}
