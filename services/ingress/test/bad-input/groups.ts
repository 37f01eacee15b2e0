import { content } from './content.ts'
import { credentials } from './credentials.ts'
import { framing } from './framing.ts'
import { identity } from './identity.ts'
import { json } from './json.ts'
import { methodAndPath } from './method-and-path.ts'
import type { BadInput } from './row.ts'
import type { Sender } from './senders.ts'
import { time } from './time.ts'

/** All that one sender may send wrongly, by group. `now`: milliseconds since 1970, not before the ingress's clock. */
export function badInput(sender: Sender, now: number): Readonly<Record<string, readonly BadInput[]>> {
  return {
    'method and path': methodAndPath(sender),
    framing: framing(sender),
    content: content(sender),
    JSON: json(sender),
    identity: identity(sender),
    time: time(sender, now),
    credentials: credentials(sender),
  }
}
