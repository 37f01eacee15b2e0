import { describeTopics } from '@hookline/kafka'
import { expect, it } from 'vitest'
import { topicsApply } from '../src/commands/topics-apply.ts'
import { topicsPlan } from '../src/commands/topics-plan.ts'
import { ownInstallation, testKafka, topicNames } from './installation.ts'
import { PLAIN } from './plain-look.ts'
import { fileOf, HEAD, topicLine } from './topics-file.ts'

const { config } = ownInstallation()

it('a plan says what apply would do and does nothing; after apply it is empty', async () => {
  const [name = ''] = topicNames(1)
  const options = { file: fileOf(HEAD + topicLine(name, 2, 3_600_000)), profile: 'local' }
  const plan = await topicsPlan(config, options)
  expect(plan.document).toMatchObject({
    to_do: [{ step: 'create', topic: name, detail: '2 partitions, replication 1' }],
    refused: [],
  })
  expect(plan.text(PLAIN)).toContain(`create  ${name}  2 partitions, replication 1\n1 to do.`)
  expect(await describeTopics(testKafka(), [name])).toEqual(new Map())

  await topicsApply(config, options)
  const again = await topicsPlan(config, options)
  expect(again.document).toMatchObject({ to_do: [], refused: [] })
  expect(again.text(PLAIN)).toContain('Nothing to do: all 1 are as they should be.')
})

it('a plan names a shrink as refused, with the reason and what to write instead, and is no failure', async () => {
  const [name = ''] = topicNames(1)
  await topicsApply(config, { file: fileOf(HEAD + topicLine(name, 3, 3_600_000)), profile: 'local' })
  const plan = await topicsPlan(config, { file: fileOf(HEAD + topicLine(name, 2, 3_600_000)), profile: 'local' })
  expect(plan.problem).toBeUndefined()
  expect(plan.text(PLAIN)).toContain(
    `refuse  ${name}  has 3 partitions, 2 are wanted; Kafka cannot take partitions away: write partitions: 3 into the file`,
  )
  expect(plan.text(PLAIN)).toContain('0 to do, 1 refused.')
})
