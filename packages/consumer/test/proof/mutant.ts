/** One guard of the protocol taken out, by changing the text of the sources: each text must be there exactly once. */
export interface Mutant {
  /** The step, then what it makes sure of. */
  guard: string
  edits: readonly Edit[]
  /** What notices that it is gone. */
  by: Noticed
}

/** `file`: its path in the repository. */
export interface Edit {
  file: string
  text: string
  replacement: string
}

export type Noticed =
  /** A schedule. `seed`: one that does, where few do. */
  | { kind: 'model' | 'loop'; seed?: number }
  /** No schedule: this test does. */
  | { kind: 'test'; file: string; title: string }
  /** Nothing, on purpose: without it the service does the same. Says why. */
  | { kind: 'nothing'; why: string }

/** The text with the edits of its file made. Throws where one does not fit: its guard was moved or renamed. */
export function edited(source: string, edits: readonly Edit[]): string {
  return edits.reduce((text, edit) => {
    const parts = text.split(edit.text)
    if (parts.length !== 2) throw new Error(`${edit.file} has ${parts.length - 1} times: ${edit.text}`)
    return parts.join(edit.replacement)
  }, source)
}
