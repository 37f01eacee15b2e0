import { expect, it } from 'vitest'
import { topicsApply } from '../src/commands/topics-apply.ts'
import { topicsCheck } from '../src/commands/topics-check.ts'
import { ownInstallation, topicNames } from './installation.ts'
import { PLAIN } from './plain-look.ts'
import { fileOf, HEAD, topicLine } from './topics-file.ts'

const { config } = ownInstallation()
const SAFE = ', message.timestamp.type: LogAppendTime'

it('topics that are what the file says, and safe, are no problem', async () => {
  const [name = ''] = topicNames(1)
  const options = { file: fileOf(HEAD + topicLine(name, 2, 3_600_000, SAFE)), profile: 'local' }
  await topicsApply(config, options)
  const { document, problem, text } = await topicsCheck(config, options)
  expect({ document, problem }).toMatchObject({ document: { topics: 1, problems: [] }, problem: undefined })
  expect(text(PLAIN)).toContain('All 1 are as they must be.')
})

it('each difference is a problem with what to do, whether apply can mend it or not', async () => {
  const [grew = '', behind = '', set = '', absent = ''] = topicNames(4)
  const made = topicLine(grew, 3, 3_600_000, SAFE) + topicLine(behind, 1, 3_600_000, SAFE)
  await topicsApply(config, { file: fileOf(HEAD + made + topicLine(set, 1, 3_600_000, SAFE)), profile: 'local' })
  const wanted =
    topicLine(grew, 2, 3_600_000, SAFE) +
    topicLine(behind, 4, 3_600_000, SAFE) +
    topicLine(set, 1, 7_200_000, SAFE) +
    topicLine(absent, 1, 3_600_000, SAFE)
  const { document, problem, text } = await topicsCheck(config, { file: fileOf(HEAD + wanted), profile: 'local' })
  expect(problem).toBe('The topics are not as they must be.')
  expect(document).toMatchObject({
    problems: [
      { topic: grew, problem: expect.stringContaining('has 3 partitions, 2 are wanted'), cure: expect.anything() },
      {
        topic: behind,
        problem: 'has 1 partitions, the file says 4',
        cure: `\`hookline topics scale ${behind} --partitions 4\` grows it`,
      },
      { topic: set, problem: 'has retention.ms 3600000, the file says 7200000' },
      { topic: absent, problem: 'does not exist', cure: '`hookline topics apply` creates it' },
    ],
  })
  expect(text(PLAIN)).toContain('4 to mend.')
  expect(text(PLAIN)).toContain('  write partitions: 3 into the file')
})

it('a file that the services refuse to start with is a problem although the topics are what it says', async () => {
  const [name = ''] = topicNames(1)
  const options = {
    file: fileOf(HEAD + topicLine(name, 1, 3_600_000, ', cleanup.policy: compact')),
    profile: 'local',
  }
  await topicsApply(config, options)
  const { document } = await topicsCheck({ ...config, replicationMin: 3 }, options)
  const cure = expect.stringContaining('write that into the file')
  const problems = [
    'has replication 1: raise it to 3',
    'has min.insync.replicas=1: set min.insync.replicas=2',
    'has cleanup.policy=compact: set cleanup.policy=delete',
  ].map(sentence => ({
    topic: name,
    problem: expect.stringContaining(`the services refuse to start: ${name} ${sentence}`),
    cure,
  }))
  expect(document).toMatchObject({ problems })
})
