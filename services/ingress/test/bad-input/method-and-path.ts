import { answered } from './row.ts'
import type { BadInput } from './row.ts'
import { post } from './senders.ts'
import type { Sender } from './senders.ts'

const METHODS = ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY']

/** HEAD is not here: its answer has no body. */
export function methodAndPath(sender: Sender): BadInput[] {
  const { source } = sender
  const hook = `/webhooks/${source}`
  const wrongMethod = answered(405, 'method_not_allowed', source)
  const wrongPath = answered(404, 'not_found', source)
  const paths = [
    '/',
    '/webhooks',
    '/webhooks/',
    '/webhooks/stripe',
    '/webhooks/__proto__',
    '/webhooks/constructor',
    `${hook}/`,
    `${hook}/x`,
    `${hook}x`,
    `${hook};a=1`,
    `${hook}.json`,
    `${hook}%00`,
    `${hook}%20`,
    `${hook}%zz`,
    `${hook}%2f`,
    hook.toUpperCase(),
    hook.replace('/webhooks/', '/webhooks//'),
    hook.replace('/webhooks/', '/webhooks/x/../'),
    hook.replace('/webhooks/', '/webhooks%2f'),
    `//evil.example${hook}`,
    `http://evil.example${hook}`,
    '*',
  ]
  return [
    ...METHODS.map(method => wrongMethod(`${method} on the hook`, post(sender, { method }))),
    ...paths.map(path => wrongPath(`path ${path}`, post(sender, { path }))),
    wrongPath('GET on an unknown path', post(sender, { method: 'GET', path: '/readyz' })),
    wrongMethod('CONNECT', 'CONNECT hooks.example:443 HTTP/1.1\r\nhost: hooks.example\r\n\r\n'),
  ]
}
