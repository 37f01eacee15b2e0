import type { StackInfo } from './stack-file.ts'

/** One webhook of each source to paste into a shell: signed with the secrets in `stack.json`, which stay there. */
export function firstCurls(info: StackInfo, file: string): string {
  const secret = (source: string) => `$(node -p 'require("./${file}").sources.${source}.secret')`
  const points = JSON.stringify({
    event: 'approved',
    order: {
      id: 'ORDER',
      order_number: 'A-1001',
      order_status: 'approved',
      total_price: 250,
      metadata: { email: 'ada@shop.example' },
    },
    timestamp: 'NOW',
  })
  const hc = JSON.stringify({
    id: 'evt_ORDER',
    type: 'order.created',
    created_at: 'NOW',
    data: { id: 'ORDER', status: 'created' },
    store_id: 'store_1',
  })
  const fill = (body: string) =>
    `body=$(printf %s '${body}' | sed "s/ORDER/$(node -p 'crypto.randomUUID()')/g; s/NOW/$(date -u +%Y-%m-%dT%H:%M:%SZ)/")`
  const post = (url: string, header: string) =>
    `curl -i ${url} -H 'Content-Type: application/json' -H "${header}" --data-binary "$body"`
  const hmac = `$(printf %s "$body" | openssl dgst -sha256 -hmac "${secret('hc')}" | sed 's/.* //')`
  return [
    `${fill(points)}; ${post(info.sources.points.url, `X-Webhook-Secret: ${secret('points')}`)}`,
    `${fill(hc)}; ${post(info.sources.hc.url, `X-Webhook-Signature: ${hmac}`)}`,
  ].join('\n\n')
}
