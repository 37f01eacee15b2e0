/** Two lines of a user's list: of which topic or group, and what it may do with it. */
const PERMISSION = /^ +- resource: \{[^}\n]*\bname: (?<name>[^,}\s]+)[^}\n]*\}\n +operations: .*$/gm

/**
 * `infra/acls.yaml` with a user for a consumer that may do what the last consumer there may do, and with what others may do
 * with that one's topic and group. As it is where it knows no consumer.
 */
export function withPermissions(text: string, name: string): string {
  const model = [...text.matchAll(/\bname: ([a-z0-9-]+)\.dead\b/g)].at(-1)?.[1]
  if (model === undefined) return text
  const own = [model, `${model}.dead`]
  const renamed = (part: string) =>
    part.replaceAll(new RegExp(`\\bname: ${model}(?=\\.dead\\b|[,\\s]|$)`, 'gm'), `name: ${name}`)
  const users = text.split(/^---\n/m).flatMap(user => {
    if (new RegExp(`^ +name: ${model}$`, 'm').test(user)) return [user, renamed(user)]
    return [user.replaceAll(PERMISSION, (one, of: string) => (own.includes(of) ? `${one}\n${renamed(one)}` : one))]
  })
  return users.join('---\n')
}
