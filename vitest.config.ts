import { defineConfig } from 'vitest/config'

const TESTS = '{packages,services}/*/test/**'
const INTEGRATION = `${TESTS}/*.int.test.ts`
const END_TO_END = `${TESTS}/*.e2e.test.ts`

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  // where vitest loads a globalSetup: without it a clone in which nothing was built finds no package
  environments: { __vitest__: { resolve: { conditions: ['source'] } } },
  test: {
    setupFiles: ['packages/local/src/leaks/vitest-recorder.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [`${TESTS}/*.test.ts`],
          exclude: [INTEGRATION, END_TO_END],
          testTimeout: 30_000,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // on one real Kafka and one real MongoDB, which the tests share: topics and databases of their own
        extends: true,
        test: {
          name: 'integration',
          include: [INTEGRATION],
          globalSetup: ['packages/local/src/vitest-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // each starts a stack of its own, and mostly waits for it: two at a time
        extends: true,
        test: {
          name: 'e2e',
          include: [END_TO_END],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
