import kafkajs from 'kafkajs'

/** As kafkajs's own, which its types do not let anybody make. It tries no more, and says so to whoever asked. */
export class CredentialsRefused extends kafkajs.KafkaJSNonRetriableError {
  override readonly name = 'KafkaJSSASLAuthenticationError'
}
