import { describeTopics } from '@hookline/kafka'
import { expect, it } from 'vitest'
import { topicsApply } from '../src/commands/topics-apply.ts'
import { ownInstallation, testKafka, topicNames } from './installation.ts'
import { PLAIN } from './plain-look.ts'
import { fileOf, HEAD, topicLine as topic } from './topics-file.ts'

const { config } = ownInstallation()
const [broker] = config.brokers

it('topics are made once: the second run has nothing to do', async () => {
  const [name = ''] = topicNames(1)
  const file = fileOf(HEAD + topic(name, 2, 3_600_000))
  const first = await topicsApply(config, { file, profile: 'local' })
  expect(first.text(PLAIN)).toBe(
    [
      `Topics of ${file}, profile local, on ${broker}`,
      `DID      TOPIC${' '.repeat(name.length - 3)}WHAT`,
      `created  ${name}  2 partitions, replication 1`,
      '1 done.',
    ].join('\n'),
  )
  expect(first.problem).toBeUndefined()
  const second = await topicsApply(config, { file, profile: 'local' })
  expect(second.document).toMatchObject({ topics: 1, done: [], refused: [] })
  expect(second.text(PLAIN)).toContain('Nothing to do: all 1 are as they should be.')
})

it('topics grow and change, a shrink is refused with its reason and hinders no other step', async () => {
  const [grows = '', shrinks = ''] = topicNames(2)
  await topicsApply(config, {
    file: fileOf(HEAD + topic(grows, 2, 3_600_000) + topic(shrinks, 4, 3_600_000)),
    profile: 'local',
  })
  const file = fileOf(HEAD + topic(shrinks, 3, 3_600_000) + topic(grows, 5, 7_200_000))
  const { document, problem, text } = await topicsApply(config, { file, profile: 'local' })
  expect(document).toMatchObject({
    done: [
      { step: 'add_partitions', topic: grows, detail: '2 to 5 partitions' },
      { step: 'set_config', topic: grows, detail: 'retention.ms 3600000 to 7200000' },
    ],
    refused: [
      {
        step: 'by_hand',
        topic: shrinks,
        detail: expect.stringMatching(/^has 4 partitions, 3 are wanted; Kafka cannot take partitions away: write/),
      },
    ],
  })
  expect(problem).toContain('Not every topic is what the file says')
  expect(text(PLAIN)).toContain('2 done, 1 refused.')
  const found = await describeTopics(testKafka(), [grows, shrinks])
  expect([found.get(grows)?.partitions, found.get(shrinks)?.partitions]).toEqual([5, 4])
})

it("what Kafka refuses is told in Kafka's words, with the topic", async () => {
  const [name = ''] = topicNames(1)
  const file = fileOf(HEAD + topic(name, 1, 3_600_000))
  await expect(topicsApply(config, { file })).rejects.toMatchObject({
    ending: 'unavailable',
    message: expect.stringMatching(new RegExp(`^Kafka at ${broker} refused: ${name}: .*eplication`)),
  })
})

it('a file that is absent, broken or without the profile is named with what is wrong', async () => {
  const file = fileOf(`${HEAD}  - { name: a.b, partition: 1 }`)
  const failure = (options: { file: string; profile?: string }) =>
    topicsApply(config, options).then(
      () => undefined,
      (error: unknown) => error,
    )
  expect(await failure({ file: `${file}.absent` })).toMatchObject({ message: `There is no file ${file}.absent.` })
  expect(await failure({ file })).toMatchObject({ message: `${file}: topics[0] has an unknown field "partition"` })
  expect(await failure({ file, profile: 'moon' })).toMatchObject({
    message: `${file}: there is no profile "moon"; there are: local`,
  })
  expect(await failure({ file: fileOf('a: [') })).toMatchObject({ name: 'Failure', ending: 'usage' })
})
