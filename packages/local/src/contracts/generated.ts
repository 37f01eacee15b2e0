import { asyncapiDocument, type ContractDocument, type HandledBy } from '@hookline/contracts'
import { stringify } from 'yaml'
import { definitions } from './definitions.ts'
import { handlersOf, type NamedEvent } from './handlers.ts'

/** Where the document stands, from the repository's root. */
export const DOCUMENT = 'docs/asyncapi.yaml'

/** The command that writes it. */
export const WRITE_COMMAND = 'npx -y pnpm@12 contracts --write'

const HEAD = `# The contract between teams: see contracts.md. Generated from packages/contracts and the services' definitions.
# Do not change it by hand: ${WRITE_COMMAND}
`

/** What the catalogues and the services' definitions say now. */
export interface Generated {
  readonly document: ContractDocument
  readonly text: string
  /** Who handles which of these events now; for events that are in the catalogue no more as well. */
  readonly handlers: (events: readonly NamedEvent[]) => readonly HandledBy[]
}

/** What is to be written; with `services` what would be, were there just these. */
export async function generated(services?: readonly string[]): Promise<Generated> {
  const consumers = await definitions(services)
  const handlers = (events: readonly NamedEvent[]) => handlersOf(consumers, events)
  const document = asyncapiDocument(handlers(eventsIn(asyncapiDocument([]))))
  return { document, text: `${HEAD}${stringify(document, { lineWidth: 120, aliasDuplicateObjects: false })}`, handlers }
}

/** The events that a document names. */
export function eventsIn({ channels }: ContractDocument): readonly NamedEvent[] {
  return Object.entries(channels).flatMap(([source, { messages }]) =>
    Object.values(messages).map(({ name }) => ({ source, event: name })),
  )
}
