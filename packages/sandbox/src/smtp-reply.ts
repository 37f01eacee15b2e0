/**
 * The SMTP reply for the `status` of a fault: SMTP's own codes as they are, HTTP's as the reply that means the same.
 * 429, 503 and other temporary ones: 451 (try again); 401 and 403: 530 (log in first); other 4xx: 550 (refused).
 */
export function smtpReplyOf(status: number): number {
  if (status === 421 || (status >= 450 && status <= 459) || status >= 520) return status
  if (status === 401 || status === 403) return 530
  if (status === 408 || status === 425 || status === 429 || status >= 500) return 451
  return 550
}
