import { expect, it } from 'vitest'
import { lagDocument } from '../src/commands/lag.ts'
import { lagText } from '../src/text/lag-text.ts'

const of = (topic: string, partition: number, endOffset: string, committed: string | null, lag: number) => ({
  topic,
  partition,
  endOffset,
  committed,
  lag,
})

const document = lagDocument(
  new Map([
    [
      'erp-sync',
      [
        of('points.webhook', 0, '1000', '990', 10),
        of('points.webhook', 1, '0', null, 0),
        of('hc.webhook', 0, '5', '5', 0),
      ],
    ],
    ['email', [of('points.webhook', 0, '1000', null, 400), of('hc.webhook', 0, '0', null, 0)]],
  ]),
)

it('lag is told by service and topic, with its total and whoever never committed', () => {
  expect(lagText(document, { partitions: false })).toBe(`SERVICE   TOPIC           PARTITIONS   END  COMMITTED  LAG
erp-sync  points.webhook           2  1000        990   10
erp-sync  hc.webhook               1     5          5    0
email     points.webhook           1  1000       none  400
email     hc.webhook               1     0       none    0
total                                                  410
email has never committed anything of points.webhook: is it running?`)
})

it('lag by partition has a line for each', () => {
  expect(lagText(document, { partitions: true }).split('\n').slice(0, 3)).toEqual([
    'SERVICE   TOPIC           PARTITION   END  COMMITTED  LAG',
    'erp-sync  points.webhook          0  1000        990   10',
    'erp-sync  points.webhook          1     0       none    0',
  ])
})

it('lag as JSON has numbers, and null where nothing is committed', () => {
  expect(document).toEqual({
    total: 410,
    services: {
      'erp-sync': {
        lag: 10,
        topics: {
          'points.webhook': {
            lag: 10,
            partitions: [
              { partition: 0, end: 1000, committed: 990, lag: 10 },
              { partition: 1, end: 0, committed: null, lag: 0 },
            ],
          },
          'hc.webhook': { lag: 0, partitions: [{ partition: 0, end: 5, committed: 5, lag: 0 }] },
        },
      },
      email: {
        lag: 400,
        topics: {
          'points.webhook': { lag: 400, partitions: [{ partition: 0, end: 1000, committed: null, lag: 400 }] },
          'hc.webhook': { lag: 0, partitions: [{ partition: 0, end: 0, committed: null, lag: 0 }] },
        },
      },
    },
  })
})
