import type { SourceDeclaration } from '../sources/source.ts'

/** The document's names of what a request of a source must prove itself with: all of them together. */
export function securityOf({ catalogue, scheme }: SourceDeclaration): Record<string, []> {
  return Object.fromEntries(scheme.credentials.map(({ name }) => [nameOf(catalogue.source, name), []]))
}

/** OpenAPI has no word for a signature: each header field is a key, and what it must hold is told in words. */
export function securitySchemes(declared: readonly SourceDeclaration[]) {
  return Object.fromEntries(
    declared.flatMap(({ catalogue, scheme }) =>
      scheme.credentials.map(({ name, description }) => [
        nameOf(catalogue.source, name),
        { type: 'apiKey' as const, in: 'header', name, description },
      ]),
    ),
  )
}

function nameOf(source: string, header: string): string {
  return `${source}.${header}`
}
