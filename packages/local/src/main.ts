import { program } from 'commander'
import { demoCommand } from './demo-command.ts'
import { startCommand } from './start-command.ts'
import { testCommand } from './test-command.ts'

program.name('npx -y pnpm@12').description('The local stack: demo, start, test')
demoCommand(program)
startCommand(program)
testCommand(program)

try {
  await program.parseAsync()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
