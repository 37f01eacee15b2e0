import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import helmet from 'helmet'

/** Of helmet's, those that matter where every answer is JSON and no page is ever shown. */
const protect = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  // the names below ours may be anybody's
  strictTransportSecurity: { includeSubDomains: false },
  // these are about pages, or old browsers' ways with them
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  referrerPolicy: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xFrameOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
})

/** What every answer has, also those to what never became a request. Names in lower case. */
export const SAFE_HEADERS: Readonly<Record<string, string>> = { ...fromHelmet(), 'cache-control': 'no-store' }

/** Asked once: none of them depends on the request, and a hook of helmet's would set each anew. */
function fromHelmet(): Record<string, string> {
  const request = new IncomingMessage(new Socket())
  const response = new ServerResponse(request)
  protect(request, response, error => {
    if (error !== undefined) throw error
  })
  return Object.fromEntries(Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]))
}
