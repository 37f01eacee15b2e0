import { breakerWatch, runConsumer, smtpTarget } from '@hookline/service'
import { config, messageIdDomain } from './config.ts'
import { email } from './email.ts'

await runConsumer({
  name: 'email',
  config,
  define: ({ config: { SMTP_URL, SMTP_CONNECTIONS, MAIL_FROM, MAIL_LANGUAGE, REQUEST_TIMEOUT_MS }, log, metrics }) => {
    const smtp = smtpTarget({
      url: SMTP_URL,
      from: MAIL_FROM,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      connections: SMTP_CONNECTIONS,
      onBreaker: breakerWatch(['smtp'], { log, metrics })('smtp'),
    })
    const options = { smtp, defaultLanguage: MAIL_LANGUAGE, messageIdDomain: messageIdDomain(MAIL_FROM) }
    return { consumer: email(options), close: () => smtp.close() }
  },
})
