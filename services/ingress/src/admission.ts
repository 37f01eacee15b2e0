export interface AdmissionLimits {
  /** Requests that have arrived whole and are not answered yet. */
  readonly maxRequests: number
  /** Memory of all bodies. At least twice the largest body, or none of that size would have room. */
  readonly maxBytes: number
}

/** How much is being worked on. */
export interface Admission {
  /** Whether a request with a body of `bytes` would find no room now. Takes none. */
  readonly full: (bytes: number) => boolean
  /** For every request that is not refused at once. */
  readonly begin: () => Arrival
  readonly load: () => { readonly requests: number; readonly bytes: number }
}

/** One request from its header fields to its answer. False: there is no room, and none was taken. */
export interface Arrival {
  /** Takes room for a part of its body. */
  readonly more: (bytes: number) => boolean
  /** Its body is whole with these last `bytes`. */
  readonly whole: (bytes: number) => boolean
  /** It is answered, or its client gone. */
  readonly left: () => void
}

/** What bodies may take that are not whole. The rest is out of reach for clients that begin and never end one. */
const UNFINISHED_SHARE = 0.5

/**
 * Bounds memory as bodies arrive: the publisher's own bound sees a request only afterwards. Room is taken for what came,
 * not for what is announced, and only a whole request counts as one: neither costs a slow client anything.
 */
export function admission({ maxRequests, maxBytes }: AdmissionLimits): Admission {
  const maxUnfinishedBytes = maxBytes * UNFINISHED_SHARE
  let arriving = 0
  let working = 0
  let bytes = 0
  let unfinishedBytes = 0

  function begin(): Arrival {
    let taken = 0
    let isWhole = false
    arriving += 1
    return {
      more(wanted) {
        if (bytes + wanted > maxBytes || unfinishedBytes + wanted > maxUnfinishedBytes) return false
        bytes += wanted
        unfinishedBytes += wanted
        taken += wanted
        return true
      },
      whole(wanted) {
        if (working >= maxRequests || bytes + wanted > maxBytes) return false
        unfinishedBytes -= taken
        bytes += wanted
        taken += wanted
        arriving -= 1
        working += 1
        isWhole = true
        return true
      },
      left() {
        bytes -= taken
        if (isWhole) {
          working -= 1
        } else {
          arriving -= 1
          unfinishedBytes -= taken
        }
      },
    }
  }

  return {
    full: wanted => working >= maxRequests || bytes + wanted > maxBytes,
    begin,
    load: () => ({ requests: arriving + working, bytes }),
  }
}
