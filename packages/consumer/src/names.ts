/** The environment's name for a target's variable: `CONNECTIONS` of `label-printer` is `LABEL_PRINTER_CONNECTIONS`. */
export function variableName(target: string, variable: string): string {
  return `${target.replaceAll('-', '_').toUpperCase()}_${variable}`
}

/** Under which name `src/<name>.ts` of a service exports its consumer: `giftCards` for `gift-cards`. */
export function exportName(consumer: string): string {
  return consumer.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
