import { expect, it } from 'vitest'
import { hookline } from './process.ts'

const NOWHERE = { KAFKA_BROKERS: '127.0.0.1:1', MONGODB_URI: 'mongodb://user:hidden@127.0.0.1:1/' }

const COMMANDS = [
  ...['plan', 'apply', 'check', 'scale'].map(name => `topics ${name}`),
  'migrate',
  'new-consumer',
  'lag',
  'order',
  ...['list', 'show', 'letters'].map(name => `dead ${name}`),
  ...['list', 'show', 'verify', 'release'].map(name => `quarantine ${name}`),
  ...['plan', 'run', 'resume', 'pause', 'list', 'show'].map(name => `redrive ${name}`),
]

it.each(COMMANDS)('hookline %s --help has an example and the exit codes, at 80 columns', async command => {
  const { stdout, exitCode } = await hookline([...command.split(' '), '--help'], {})
  expect(exitCode).toBe(0)
  expect(stdout).toContain(`  npx -y pnpm@12 hookline ${command}`)
  expect(stdout).toContain('Exit codes: 0 done; 1 ')
  expect(stdout).toContain('--json')
  expect(stdout.split('\n').filter(line => line.length > 80)).toEqual([])
})

it('a wrong command line is exit code 2 with a sentence, never a stack trace', async () => {
  const { stdout, stderr, exitCode } = await hookline(['dead', 'list', '--limit', 'many'], NOWHERE)
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
  expect(stderr).toContain('It must be a whole number from 1 to 10000.')
  expect(stderr).not.toContain('    at ')
})

it.concurrent('a Kafka that is not there is exit code 3 with what to check, never a stack trace', async () => {
  const { stdout, stderr, exitCode } = await hookline(['lag', '--json'], NOWHERE)
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 3 })
  expect(stderr).toContain('Kafka at 127.0.0.1:1 does not answer: check KAFKA_BROKERS')
  expect(stderr).not.toContain('    at ')
})

it.concurrent('a MongoDB that is not there is exit code 3 with what to check, never a password', async () => {
  const { stdout, stderr, exitCode } = await hookline(['order', 'a', '--json'], NOWHERE)
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 3 })
  expect(stderr).toContain('MongoDB at 127.0.0.1:1 does not answer (MongoServerSelectionError): check MONGODB_URI')
  expect(stderr).not.toContain('hidden')
  expect(stderr).not.toContain('    at ')
})
