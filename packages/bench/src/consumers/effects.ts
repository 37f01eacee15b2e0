/** Sentences on what effects did wrongly. `lines`: the order id and the version of each, in the order in which they were done. */
export function wrongEffects(lines: readonly string[], events: number): readonly string[] {
  const newest = new Map<string, string>()
  let back = 0
  for (const line of lines) {
    const [orderId = '', version = ''] = line.split(' ')
    if (version <= (newest.get(orderId) ?? '')) back++
    else newest.set(orderId, version)
  }
  return [
    ...(lines.length === events ? [] : [`${lines.length} effects were done for ${events} events`]),
    ...(back === 0 ? [] : [`${back} effects were done after a newer one of their order, or again`]),
  ]
}
