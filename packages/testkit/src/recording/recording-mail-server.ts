import type { Mail, SmtpTarget } from '@hookline/service'
import { checkMail } from '@hookline/service/request-checks'
import { type Recorded, recordedOf, recorder, type Recording } from './recorder.ts'

/** A mail as the handler sent it. */
export type RecordedMail = Recorded & Readonly<Mail>

export type RecordingMailServer = SmtpTarget & Recording<RecordedMail>

/**
 * In place of the client of a mail server: writes down every mail, and answers as the test says, as `recordingTarget` does
 * for HTTP. Refuses what the client refuses: a line break in a header, what is not one address.
 * @param name how the target is called in errors
 */
export function recordingMailServer(name = 'smtp'): RecordingMailServer {
  const { recording, receive } = recorder<RecordedMail>(name)
  return {
    ...recording,
    async send(mail, context) {
      checkMail(mail)
      await receive({ ...structuredClone(mail), ...recordedOf(context) }, context)
    },
    close() {},
  }
}
