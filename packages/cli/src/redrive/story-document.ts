import type { RedriveItemStory, RedriveStory } from '@hookline/inbox'

/** `hookline redrive show|run|resume --json`. Times are ISO-8601. */
export interface RedriveDocument extends RedriveStory {
  service: string
  items: readonly (Omit<RedriveItemStory, 'order'> & { source: string; order_id: string })[]
}

export function redriveDocument(
  service: string,
  story: RedriveStory,
  items: readonly RedriveItemStory[],
): RedriveDocument {
  return {
    service,
    ...story,
    items: items.map(({ order, ...same }) => {
      const colon = order.indexOf(':')
      return { source: order.slice(0, colon), order_id: order.slice(colon + 1), ...same }
    }),
  }
}
