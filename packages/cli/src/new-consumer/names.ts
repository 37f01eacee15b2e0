/** The variable that a service's file exports: `giftCards` for `gift-cards`. */
export function exportOf(name: string): string {
  return name.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/** What its variables begin with: `GIFT_CARDS` for `gift-cards`. */
export function prefixOf(name: string): string {
  return name.replaceAll('-', '_').toUpperCase()
}
