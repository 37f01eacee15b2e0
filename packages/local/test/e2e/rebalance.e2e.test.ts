import { MongoClient } from 'mongodb'
import { expect, onTestFinished, test } from 'vitest'
import { CONSUMERS } from '../../src/service-specs.ts'
import { startStack } from '../../src/stack.ts'
import { streamOrders } from './order-stream.ts'
import { repeats, wrongOutcomes } from './outcome.ts'
import { deadEntries, settled } from './store.ts'
import { ledgersOf, TARGETS } from './targets.ts'

test('a rolling restart of all consumers under load loses, doubles and reorders nothing', async () => {
  const replicas = { 'erp-sync': 2, email: 2, wms: 2 }
  // a busy machine must not look like a target that does not answer
  const env = { REQUEST_TIMEOUT_MS: '10000' }
  const stack = await startStack({ ephemeral: true, env, replicas })
  onTestFinished(() => stack.close())
  const mongo = await MongoClient.connect(stack.info.mongodb)
  onTestFinished(() => mongo.close())
  const pids = () => CONSUMERS.flatMap(service => stack.info.services[service]?.map(one => one.pid) ?? [])
  const before = pids()

  let rolling = true
  const roll = async () => {
    try {
      for (const n of [0, 1]) await Promise.all(CONSUMERS.map(service => stack.restart(service, n)))
    } finally {
      rolling = false
    }
  }
  const [orders] = await Promise.all([
    streamOrders({ info: stack.info, perSecond: 50, goOn: begun => rolling || begun < 100 }),
    roll(),
  ])
  await settled({ info: stack.info, mongo })

  expect(pids().filter(pid => before.includes(pid))).toEqual([])
  const ledgers = await ledgersOf(stack.info)
  expect(wrongOutcomes(orders, ledgers)).toEqual([])
  // who was asked to leave finished what it had begun: nobody had to ask again
  expect(TARGETS.flatMap(target => repeats(ledgers[target]))).toEqual([])
  expect(await deadEntries(mongo)).toEqual([])
})
