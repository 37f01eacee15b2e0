/** The process must not start like this. The message names what is wrong and what to set, one sentence a problem. */
export class StartRefused extends Error {
  readonly code = 'start_refused'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`not starting:\n${problems.map(problem => `- ${problem}`).join('\n')}`)
    this.name = 'StartRefused'
    this.problems = problems
  }
}
