import { defineConsumer } from '@hookline/consumer'
import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { http, serviceVariables, smtp } from '../src/index.ts'

function variablesOf(targets: Parameters<typeof service>[0], config = {}) {
  return serviceVariables(service(targets, config))
}

function service(targets: Record<string, ReturnType<typeof http> | ReturnType<typeof smtp>>, config: object) {
  return { ...defineConsumer({ name: 'labels', targets, effects: () => [] }), config: { ...config } }
}

test('a target’s variables begin with its name', () => {
  expect(Object.keys(variablesOf({ 'label-printer': http(), mail: smtp() }, { PAPER: Type.String() }))).toEqual([
    'LABEL_PRINTER_URL',
    'LABEL_PRINTER_CONNECTIONS',
    'LABEL_PRINTER_AUTHORIZATION',
    'MAIL_URL',
    'MAIL_CONNECTIONS',
    'MAIL_FROM',
    'PAPER',
  ])
})

test('a variable of every consumer is not given another meaning', () => {
  expect(() => variablesOf({}, { LEASE_MS: Type.String() })).toThrow('LEASE_MS is the name of two variables')
})

test('nor is one of a target', () => {
  expect(() => variablesOf({ crm: http() }, { CRM_URL: Type.String() })).toThrow('CRM_URL is the name of two variables')
})

test('a target declares how many connections it takes where nobody says otherwise', () => {
  expect(http({ connections: 4 }).variables.CONNECTIONS).toMatchObject({ default: 4 })
})
