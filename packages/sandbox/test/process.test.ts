import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, test } from 'vitest'
import { startSandbox } from '../src/index.ts'
import { eventually, faultsOf, send, setFault } from './client.ts'

const main = new URL('../src/main.ts', import.meta.url).pathname
const started: ChildProcess[] = []

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

async function start(env: Record<string, string>): Promise<{ child: ChildProcess; line: Record<string, string> }> {
  const stdio = ['ignore', 'pipe', 'inherit'] as const
  const child = spawn(process.execPath, ['--conditions=source', main], {
    env: { ...process.env, ...env },
    stdio: [...stdio],
  })
  started.push(child)
  if (!child.stdout) throw new Error('no stdout')
  const [text] = await once(createInterface(child.stdout), 'line')
  return { child, line: JSON.parse(String(text)) }
}

describe('the sandbox as a process', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it with exit code 0, also with a request open', async signal => {
    const { child, line } = await start({ ERP_PORT: '0', WMS_PORT: '0', MAIL_PORT: '0', SMTP_PORT: '0' })
    await setFault(line.erp!, { mode: 'slow', delay_ms: 600_000 })
    const open = send('PUT', `${line.erp}/orders/a`, { key: 'a' }).then(
      answer => `answered ${answer.status}`,
      () => 'cut',
    )
    await eventually(async () => (await faultsOf(line.erp!)).bites).toBe(1)
    child.kill(signal)
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(await open).toBe('cut')
  })

  test('it listens where the environment says', async () => {
    const free = await startSandbox()
    await free.close()
    const ports = Object.fromEntries(
      (['erp', 'wms', 'mail', 'smtp'] as const).map(name => [`${name.toUpperCase()}_PORT`, new URL(free[name]).port]),
    )
    const { line } = await start({ ...ports, TARGETS: 'loyalty:0,gift-cards:0' })
    const target = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/)
    const targets = { loyalty: target, 'gift-cards': target }
    expect(line).toMatchObject({ erp: free.erp, wms: free.wms, mail: free.mail, smtp: free.smtp, targets })
  })
})

test('a port that is taken fails the start and closes what was opened', async () => {
  const running = await startSandbox()
  const taken = Number(new URL(running.smtp).port)
  const probe = await startSandbox()
  await probe.close()
  const erpPort = Number(new URL(probe.erp).port)
  await expect(startSandbox({ erpPort, smtpPort: taken })).rejects.toThrow('EADDRINUSE')
  const again = await startSandbox({ erpPort })
  await again.close()
  await running.close()
})
