import { DEDUPE_INDEX, openDatabase } from '@hookline/inbox'
import { afterAll, expect, it } from 'vitest'
import { migrate } from '../src/commands/migrate.ts'
import { ownInstallation } from './installation.ts'
import { PLAIN } from './plain-look.ts'

const { config, services, dropDatabases } = ownInstallation(['a', 'b', 'c'])
const [first = '', second = '', third = ''] = services
afterAll(dropDatabases)

it('indexes are made for the service that was asked for, then for all; again there is nothing to do', async () => {
  const one = await migrate({ ...config, services: [first, second] }, { service: first })
  expect(one.document).toMatchObject({ services: { [first]: { problem: null } } })
  expect(one.text(PLAIN)).toMatch(new RegExp(`\\n${first} +webhook_events +${DEDUPE_INDEX} +created\\n`))

  const both = await migrate({ ...config, services: [first, second] }, {})
  expect(both.text(PLAIN)).toMatch(new RegExp(`\\n${first} +webhook_events +${DEDUPE_INDEX} +was there\\n`))
  expect(both.text(PLAIN)).toMatch(new RegExp(`\\n${second} +orders +order_wake +created\\n`))

  const again = await migrate({ ...config, services: [first, second] }, {})
  expect(again.text(PLAIN)).toContain('\nNothing to do: every index was there.')
  expect(again.problem).toBeUndefined()
})

it('an index that is different is named and left as it is, the other services are done', async () => {
  const { db, close } = openDatabase({ uri: config.mongodbUri ?? '', database: third, appName: 'hookline tests' })
  await db.collection('webhook_events').createIndex({ order_id: 1 }, { name: DEDUPE_INDEX })
  await close()
  const { problem, text } = await migrate({ ...config, services: [third, first] }, {})
  expect(problem).toContain(`indexes of database ${third}: ${DEDUPE_INDEX} on webhook_events is different`)
  expect(text(PLAIN)).toContain(`Left as it is: ${third}.`)
  expect(text(PLAIN)).toContain(`\n${first} `)
})
