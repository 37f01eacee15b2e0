import { expect, test } from 'vitest'
import { createAdmin } from '../src/admin.ts'
import { createMetrics } from '../src/metrics.ts'

test('not ready names what fails and why, and ready is 200', async () => {
  const { app, ready } = createAdmin(createMetrics())
  let kafka: true | string = 'not reachable'
  ready('kafka', () => kafka)
  ready('service', () => true)

  const failing = await app.inject('/readyz')
  expect(failing.statusCode).toBe(503)
  expect(failing.json()).toEqual({ status: 'not ready', failing: { kafka: 'not reachable' } })

  kafka = true
  expect((await app.inject('/readyz')).statusCode).toBe(200)
})

test('alive while not ready', async () => {
  const { app, ready } = createAdmin(createMetrics())
  ready('kafka', () => 'not reachable')
  expect((await app.inject('/livez')).statusCode).toBe(200)
})

test('metrics are in the text that Prometheus reads, every series there from the start', async () => {
  const metrics = createMetrics()
  const count = metrics.counter({
    name: 'hookline_test_total',
    help: 'A test.',
    labels: { source: ['points', 'hc'], outcome: ['accepted', 'refused'] },
  })
  const observe = metrics.histogram({ name: 'hookline_test_seconds', help: 'A test.', labels: {}, buckets: [1, 2] })
  metrics.gauge({ name: 'hookline_test_open', help: 'A test.', read: () => 7 })
  const sizes: Record<string, number> = { a: 2, b: 3 }
  const read = (value: string) => sizes[value] ?? 0
  metrics.gaugeOf({ name: 'hookline_test_size', help: 'A test.', label: 'of', values: ['a', 'b'], read })
  count({ source: 'hc', outcome: 'refused' }, 2)
  observe({}, 1.5)

  const answer = await createAdmin(metrics).app.inject('/metrics')
  expect(answer.headers['content-type']).toMatch(/^text\/plain/)
  const lines = answer.body.split('\n').filter(line => line.startsWith('hookline_test'))
  expect(lines).toEqual([
    'hookline_test_total{source="points",outcome="accepted"} 0',
    'hookline_test_total{source="points",outcome="refused"} 0',
    'hookline_test_total{source="hc",outcome="accepted"} 0',
    'hookline_test_total{source="hc",outcome="refused"} 2',
    'hookline_test_seconds_bucket{le="1"} 0',
    'hookline_test_seconds_bucket{le="2"} 1',
    'hookline_test_seconds_bucket{le="+Inf"} 1',
    'hookline_test_seconds_sum 1.5',
    'hookline_test_seconds_count 1',
    'hookline_test_open 7',
    'hookline_test_size{of="a"} 2',
    'hookline_test_size{of="b"} 3',
  ])
})

test('how busy the event loop is stands in the metrics, and nothing samples it while the process is idle', async () => {
  const { body } = await createAdmin(createMetrics()).app.inject('/metrics')
  expect(body).toMatch(/^nodejs_eventloop_utilization_ratio [01](\.\d+)?(e-\d+)?$/m)
  expect(body).toMatch(/^nodejs_eventloop_lag_seconds /m)
  // prom-client has a timer of 10 ms for these
  expect(body).not.toMatch(/nodejs_eventloop_lag_(min|max|mean|stddev|p\d+)_seconds/)
})
