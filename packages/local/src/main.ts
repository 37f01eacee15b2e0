import { program } from 'commander'
import { startCommand } from './start-command.ts'
import { testCommand } from './test-command.ts'

program.name('npx -y pnpm@12').description('The local stack: start, test')
startCommand(program)
testCommand(program)

try {
  await program.parseAsync()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
