/** Whether an error's code says that TLS failed: a certificate or a protocol, so the same for every request. */
export function isTlsFailure(code: string): boolean {
  return /^(ERR_TLS|ERR_SSL|CERT_|EPROTO$|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH)/.test(code)
}
