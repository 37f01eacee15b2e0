import { resolve } from 'node:path'
import { MAX_WINDOW_MS, SECRET_ID } from '@hookline/ingress/secrets'
import { type Command, InvalidArgumentError } from 'commander'
import { add, type AnswerWith, type Shared } from './command.ts'
import { secretsExpire } from './secrets/expire.ts'
import { givenFingerprint, secretsFingerprints } from './secrets/fingerprints.ts'
import { givenSecret } from './secrets/given-secret.ts'
import { secretsList } from './secrets/list.ts'
import { secretsRotate } from './secrets/rotate.ts'
import { secretsWindow } from './secrets/window.ts'
import { UNIT_MS } from './selection.ts'

interface OfFile extends Shared {
  file: string
}

const FILE = 'secrets.json'
const OVERLAP_MS = 86_400_000

/** `hookline secrets …` */
export function addSecrets(hookline: Command, answer: AnswerWith): void {
  const secrets = hookline.command('secrets').description("the senders' secrets in a secrets file")

  ofFile(
    add(secrets, 'list', 'The secrets of a file: ids, windows and fingerprints, never a secret.', [
      `secrets list --file ${FILE}`,
    ]),
  ).action(({ json, file }: OfFile) =>
    answer(json, ({ cwd }) => secretsList({ file: resolve(cwd, file), now: Date.now() })),
  )

  ofFile(
    add(secrets, 'rotate', 'Add a secret that is valid at once; those before it end after the overlap.', [
      `secrets rotate hc --file ${FILE} --stdin < given`,
      `secrets rotate hc --file ${FILE} --overlap 7d`,
    ]),
  )
    .argument('<source>', 'whose secret, such as points')
    .option('--overlap <time>', 'how long those before it stay valid: 30m, 7d (default: 24h)', overlapOf)
    .option('--id <id>', 'what it is called in logs and metrics (default: the day)', idOf)
    .option('--stdin', "read the sender's own secret instead of making one")
    .action((source: string, options: OfFile & { overlap?: number; id?: string; stdin?: boolean }) =>
      answer(options.json, async ({ cwd }) => {
        const { overlap: overlapMs = OVERLAP_MS, id, stdin } = options
        const given = stdin ? { given: await givenSecret() } : {}
        const file = resolve(cwd, options.file)
        return secretsRotate({ file, source, overlapMs, now: Date.now(), ...(id !== undefined && { id }), ...given })
      }),
    )

  ofFile(
    add(secrets, 'expire', 'End one secret now, where another one of its source is valid.', [
      `secrets expire hc 2026-01-31 --file ${FILE}`,
    ]),
  )
    .argument('<source>', 'whose secret')
    .argument('<id>', 'of the secret, as `secrets list` tells it')
    .action((source: string, id: string, { json, file }: OfFile) =>
      answer(json, ({ cwd }) => secretsExpire({ file: resolve(cwd, file), source, id, now: Date.now() })),
    )

  ofFile(
    add(
      secrets,
      'window',
      'While a secret is rotated: unknown ones are answered 503, so that the sender tries again.',
      [`secrets window points --for 30m --file ${FILE}`, `secrets window points --end --file ${FILE}`],
    ),
  )
    .argument('<source>', 'whose secret')
    .option('--for <time>', 'how long from now, at most 24h: 30m, 2h', windowOf)
    .option('--end', 'end it now')
    .action((source: string, options: OfFile & { for?: number; end?: boolean }, command: Command) => {
      const { json, file, for: forMs, end } = options
      if ((forMs === undefined) === (end === undefined)) command.error('error: give either --for or --end')
      return answer(json, ({ cwd }) => secretsWindow({ file: resolve(cwd, file), source, forMs, now: Date.now() }))
    })

  add(secrets, 'fingerprint', 'By what a secret can be told from others: for other deployments to refuse it.', [
    `secrets fingerprint --file ${FILE}`,
    'secrets fingerprint --stdin < secret',
  ])
    .option('--file <path>', 'of all secrets of this file')
    .option('--stdin', 'of the one that is read')
    .action(({ json, file, stdin }: Shared & { file?: string; stdin?: boolean }, command: Command) => {
      if ((file === undefined) === (stdin === undefined)) command.error('error: give either --file or --stdin')
      return answer(json, async ({ cwd }) =>
        file === undefined ? givenFingerprint(await givenSecret()) : secretsFingerprints(resolve(cwd, file)),
      )
    })
}

function ofFile(command: Command): Command {
  return command.requiredOption('--file <path>', 'the secrets file')
}

function overlapOf(text: string): number {
  const [, count, unit = ''] = /^(\d{1,4})([mhd])$/.exec(text) ?? []
  const ms = Number(count) * (UNIT_MS[unit] ?? Number.NaN)
  if (ms > 0 && ms <= 400 * 86_400_000) return ms
  throw new InvalidArgumentError('It must be minutes, hours or days, such as 30m, 24h, 7d.')
}

function windowOf(text: string): number {
  const ms = overlapOf(text)
  if (ms <= MAX_WINDOW_MS) return ms
  throw new InvalidArgumentError('It must be 24h or less.')
}

function idOf(text: string): string {
  if (SECRET_ID.test(text)) return text
  throw new InvalidArgumentError('It must be 1 to 32 letters, digits, dots, _ and -, the first a letter or digit.')
}
