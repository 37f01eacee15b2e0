/** What a command found out. */
export interface Answer {
  /** What `--json` prints: plain data, times in ISO-8601. */
  readonly document: object
  /** The same for people. */
  readonly text: (look: Look) => string
  /** Goes to stdout as it is, in place of the text, where that is no terminal: it might be steered. */
  readonly bytes?: Buffer
  /** Why the exit code is 1; absent: 0. */
  readonly problem?: string
}

/** How a text for people may look. */
export interface Look {
  /** Columns of the terminal, 80 where it is none. */
  readonly width: number
  /** Colours a word, where there are colours. */
  readonly paint: (tone: Tone, text: string) => string
}

export type Tone = 'good' | 'quiet' | 'waiting' | 'busy' | 'bad' | 'title'
