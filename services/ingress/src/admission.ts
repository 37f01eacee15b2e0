export interface AdmissionLimits {
  readonly maxRequests: number
  readonly maxBytes: number
}

/** How much is being worked on. */
export interface Admission {
  /** False: over the limits, and nothing was reserved. `bytes`: what the body may need in memory. */
  readonly enter: (bytes: number) => boolean
  readonly leave: (bytes: number) => void
  readonly load: () => { readonly requests: number; readonly bytes: number }
}

/** Bounds memory before a body is read: the publisher's own bound sees a request only afterwards. */
export function admission({ maxRequests, maxBytes }: AdmissionLimits): Admission {
  let requests = 0
  let bytes = 0
  return {
    enter(wanted) {
      if (requests >= maxRequests || bytes + wanted > maxBytes) return false
      requests += 1
      bytes += wanted
      return true
    },
    leave(reserved) {
      requests -= 1
      bytes -= reserved
    },
    load: () => ({ requests, bytes }),
  }
}
