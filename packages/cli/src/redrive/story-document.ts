import { ofOrderKey, type RedriveItemStory, type RedriveStory } from '@hookline/inbox'

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
    items: items.map(({ order, ...same }) => ({ ...ofOrderKey(order), ...same })),
  }
}
