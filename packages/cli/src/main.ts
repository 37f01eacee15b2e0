import { run } from './program.ts'

// `hookline lag | head -1`: who reads has read enough
process.stdout.on('error', error => {
  if (!('code' in error) || error.code !== 'EPIPE') throw error
})

process.exitCode = await run(process.argv.slice(2))
