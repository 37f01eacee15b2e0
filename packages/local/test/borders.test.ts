import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { REPOSITORY } from '../src/repository.ts'

interface Manifest {
  name: string
  dependencies?: Record<string, string>
}

const manifests = ['packages', 'services'].flatMap(folder =>
  readdirSync(join(REPOSITORY, folder)).map(name => {
    const path = join(REPOSITORY, folder, name, 'package.json')
    return { folder, ...(JSON.parse(readFileSync(path, 'utf8')) as Manifest) }
  }),
)

const importers = (library: string) =>
  manifests.filter(({ dependencies }) => dependencies?.[library] !== undefined).map(({ name }) => name)

const ours = (name: string) =>
  Object.keys(manifests.find(manifest => manifest.name === `@hookline/${name}`)?.dependencies ?? {}).filter(
    dependency => dependency.startsWith('@hookline/'),
  )

test('the pure core imports nothing', () => {
  expect(manifests.find(({ name }) => name === '@hookline/delivery')?.dependencies ?? {}).toEqual({})
})

test('kafkajs and mongodb have one importer each, besides the local stack that sets up a replica set and the peers that we are measured beside', () => {
  expect(importers('kafkajs').toSorted()).toEqual(['@hookline/bench', '@hookline/kafka'])
  expect(importers('mongodb').toSorted()).toEqual(['@hookline/bench', '@hookline/inbox', '@hookline/local'])
})

test('what decides knows nothing of what stores', () => {
  expect(ours('contracts')).toEqual([])
  expect(ours('consumer').toSorted()).toEqual(['@hookline/contracts', '@hookline/delivery'])
})

test('a service imports the kit and the contracts, never a driver and never another service', () => {
  const allowed = new Set(['@hookline/consumer', '@hookline/contracts', '@hookline/service'])
  // what is copied into services/ too
  const services = manifests.filter(({ folder, name }) => folder === 'services' || name === '@hookline/new-consumer')
  expect(services.length).toBeGreaterThan(3)
  for (const { name, dependencies = {} } of services) {
    const wrong = Object.keys(dependencies).filter(one => one.startsWith('@hookline/') && !allowed.has(one))
    expect(wrong, name).toEqual([])
  }
})

test('no handler reaches into the loop', () => {
  const folders = [
    'packages/new-consumer/src',
    ...readdirSync(join(REPOSITORY, 'services')).map(name => `services/${name}/src`),
  ]
  const reaching = folders.flatMap(folder =>
    readdirSync(join(REPOSITORY, folder), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts'))
      .map(name => join(folder, name))
      .filter(name => readFileSync(join(REPOSITORY, name), 'utf8').includes('@hookline/consumer/loop')),
  )
  expect(reaching).toEqual([])
})

test('nothing that ships depends on the testkit', () => {
  expect(importers('@hookline/testkit')).toEqual([])
})
