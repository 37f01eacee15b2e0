import { variablesOf } from '@hookline/ingress/quarantine'
import type { Tone } from '../answer.ts'
import type { Judgement } from '../quarantine/judging.ts'
import { reasonText } from './quarantine-reason.ts'

/** What became of a judgement, for who decides now. */
export interface OutcomeTexts {
  readonly word: string
  readonly tone: Tone
  /** Sentences: why, and what mends it. */
  readonly detail: string
}

export function outcomeTexts(source: string, judgement: Judgement): OutcomeTexts {
  switch (judgement.kind) {
    case 'releasable':
      return { word: 'can be released', tone: 'good', detail: 'Release them: `hookline quarantine release`.' }
    case 'not_verified':
      return { word: `not verified: ${judgement.reason}`, tone: 'bad', detail: notVerified(source, judgement) }
    case 'no_secret': {
      const { secret, secrets } = variablesOf({ source })
      const detail = `There is no secret of ${source} here to judge them by: set ${secret}, ${secrets} or WEBHOOK_SECRETS_PATH to what the ingress has.`
      return { word: 'not judged: no secret', tone: 'waiting', detail }
    }
    case 'refused':
      return {
        word: `refused: ${judgement.code}`,
        tone: 'bad',
        detail: `${judgement.message} They stay what they are: the sender has to send them otherwise.`,
      }
    case 'still_kept':
      return { word: `kept again: ${judgement.code}`, tone: 'waiting', detail: STILL_KEPT[judgement.code] ?? '' }
    case 'cut':
      return {
        word: 'not whole',
        tone: 'bad',
        detail: 'Only the beginning of the body is kept: let the sender send them again.',
      }
    case 'unknown_source':
      return {
        word: 'of no source',
        tone: 'bad',
        detail: `This version knows no source ${source}: ask with one that does.`,
      }
  }
}

const STILL_KEPT: Readonly<Record<string, string>> = {
  no_order_id:
    'They name no order, and events are handled by order. Look at the body of one: where it names its order in another place than the catalogue says, the catalogue is to be mended.',
  invalid_time:
    "Their time is still not one exact instant, or lies more than five minutes ahead: look at the sender's clock. What lies ahead can be released once its time has come.",
}

function notVerified(
  source: string,
  { reason, secret_id }: { readonly reason: string; readonly secret_id: string | null },
): string {
  const secret = secret_id === null ? 'a secret of ours' : `the secret ${secret_id}`
  switch (reason) {
    case 'mismatch':
      return `No secret of ${source} fits. Was it rotated on one side only, or was the webhook registered anew? Then let the ingress have the sender's secret (docs/operations/secrets.md) and verify again. Otherwise they are a stranger's: leave them, they go by themselves.`
    case 'expired':
      return `Made with ${secret} after its end: let the sender use its new one. To let these in all the same, set a later not_after, and verify again.`
    case 'not_yet_valid':
      return `Made with ${secret} before its beginning: they can be released once it has begun, or with an earlier not_before.`
    case 'too_old':
    case 'too_new':
      return `${sentence(reasonText(reason))}: look at the sender's clock and ours. Nothing releases them; the sender has to send them again.`
    default:
      return `${sentence(reasonText(reason))}: nothing was kept to verify them by, and nothing releases them. Let the sender mend it and send them again.`
  }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
