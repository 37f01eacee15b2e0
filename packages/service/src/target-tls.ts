const TLS_FAILURE =
  /^(ERR_TLS|ERR_SSL|CERT_|CRL_|ERROR_IN_C|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_(CA|PURPOSE)$|(EPROTO|HOSTNAME_MISMATCH|PATH_LENGTH_EXCEEDED)$)/

/**
 * Whether an error's code says that TLS failed: a certificate or a protocol, so the same for every request.
 * Source: https://nodejs.org/api/tls.html#x509-certificate-error-codes
 */
export function isTlsFailure(code: string): boolean {
  return TLS_FAILURE.test(code)
}
