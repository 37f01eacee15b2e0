import { describe, expect, it } from 'vitest'
import { parseTopics, TopicsFileInvalid } from '../src/topics-file.ts'

const FILE = `
defaults: { partitions: 12, replication_factor: 3, config: { retention.ms: 604800000, min.insync.replicas: 2 } }
profiles:
  local: { partitions: 6, replication_factor: 1, config: { min.insync.replicas: 1 } }
topics:
  - name: points.webhook
  - name: email.dead
    partitions: 3
    config: { retention.ms: 2592000000, unclean.leader.election.enable: false }
`

describe('parseTopics', () => {
  it('merges the defaults into each topic', () => {
    expect(parseTopics(FILE)).toEqual([
      {
        name: 'points.webhook',
        partitions: 12,
        replicationFactor: 3,
        config: { 'retention.ms': '604800000', 'min.insync.replicas': '2' },
      },
      {
        name: 'email.dead',
        partitions: 3,
        replicationFactor: 3,
        config: {
          'retention.ms': '2592000000',
          'min.insync.replicas': '2',
          'unclean.leader.election.enable': 'false',
        },
      },
    ])
  })

  it('lets the profile win, being about the cluster', () => {
    expect(parseTopics(FILE, 'local')[1]).toMatchObject({
      partitions: 6,
      replicationFactor: 1,
      config: { 'retention.ms': '2592000000', 'min.insync.replicas': '1' },
    })
  })

  it.each([
    ['topics: []', /topics must be a list/],
    ['topics: [{ name: "a b", partitions: 1, replication_factor: 1 }]', /topics\[0\]\.name/],
    ['topics: [{ name: a, replication_factor: 1 }]', /topics\[0\]\.partitions is missing/],
    ['topics: [{ name: a, partitions: 1 }]', /topics\[0\]\.replication_factor is missing/],
    ['topics: [{ name: a, partitions: 0, replication_factor: 1 }]', /topics\[0\]\.partitions must be/],
    ['topics: [{ name: a, partitons: 1 }]', /unknown field "partitons"/],
    [
      '{ defaults: { partitions: 1, replication_factor: 1 }, topics: [{ name: a }, { name: a }] }',
      /a stands there twice/,
    ],
    ['[]', /the file must be a mapping/],
  ])('names what is wrong in %s', (text, message) => {
    expect(() => parseTopics(text)).toThrow(message)
    expect(() => parseTopics(text)).toThrow(TopicsFileInvalid)
  })

  it('names the profiles that there are', () => {
    expect(() => parseTopics(FILE, 'production')).toThrow(/no profile "production"; there are: local/)
  })
})
