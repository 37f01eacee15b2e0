import { type ConsumerService, defineConsumer } from '@hookline/consumer'
import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { genericTargets, targetVariables } from '../src/stand-ins.ts'

const PORTS = { ingress: 1, kafka: 2, kafkaController: 3, mongodb: 4, erp: 5, wms: 6, mail: 7, smtp: 8 }

function service(name: string, kinds: Readonly<Record<string, string>>): ConsumerService {
  const targets = Object.entries(kinds).map(([target, kind]) => {
    const open = () => ({ close: () => {} })
    return [target, { kind, variables: { URL: Type.String() }, open }]
  })
  return defineConsumer({ name, targets: Object.fromEntries(targets), effects: () => [] })
}

test('a target of kind http has a stand-in of its own, once for all services, unless it is the ERP or the warehouse', () => {
  const services = [
    service('a', { erp: 'http', crm: 'http', smtp: 'smtp' }),
    service('b', { crm: 'http', 'label-printer': 'http', wms: 'http' }),
  ]
  expect(genericTargets(services)).toEqual(['crm', 'label-printer'])
})

test('every target finds its stand-in by its own variables', () => {
  const targets = { erp: 'http', wms: 'http', 'label-printer': 'http', mails: 'smtp' }
  expect(targetVariables(service('a', targets), { ...PORTS, targets: { 'label-printer': 9 } })).toEqual({
    ERP_URL: 'http://127.0.0.1:5',
    WMS_URL: 'http://127.0.0.1:6',
    LABEL_PRINTER_URL: 'http://127.0.0.1:9',
    MAILS_URL: 'smtp://127.0.0.1:8',
    MAILS_FROM: 'Hookline <orders@hookline.example>',
  })
})

test.each([
  ['of a kind that has no stand-in', { queue: 'amqp' }, 'target queue of a is of kind amqp'],
  ['that has the name of the mail server', { mail: 'http' }, 'target mail of a has the name of another stand-in'],
])('a target %s is refused', (_, targets, message) => {
  expect(() => genericTargets([service('a', targets)])).toThrow(message)
})
