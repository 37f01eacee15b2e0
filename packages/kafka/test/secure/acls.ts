import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import kafkajs from 'kafkajs'
import { parseAllDocuments } from 'yaml'
import { asAdmin } from './secured.ts'

/** One thing that one user may do. */
export interface Permission {
  readonly user: string
  readonly type: 'topic' | 'group'
  readonly name: string
  readonly pattern: 'literal' | 'prefix'
  /** In Kafka's own spelling, such as `DescribeConfigs`. */
  readonly operation: string
}

interface KafkaUser {
  metadata: { name: string }
  spec: { authorization: { acls: Acl[] } }
}

interface Acl {
  resource: { type: 'topic' | 'group'; name: string; patternType: 'literal' | 'prefix' }
  operations: string[]
}

/** Of `infra/acls.yaml`. */
export function permissions(): readonly Permission[] {
  const text = readFileSync(join(import.meta.dirname, '../../../../infra/acls.yaml'), 'utf8')
  const users = parseAllDocuments(text).map(document => document.toJS() as KafkaUser)
  return users.flatMap(({ metadata, spec }) =>
    spec.authorization.acls.flatMap(({ resource: { type, name, patternType }, operations }) =>
      operations.map(operation => ({ user: metadata.name, type, name, pattern: patternType, operation })),
    ),
  )
}

/** Gives them to the users at a broker on which the asker may do so. */
export async function allow(broker: string, wanted: readonly Permission[]): Promise<void> {
  const { AclPermissionTypes } = kafkajs
  const acl = wanted.map(permission => ({
    ...termsOf(permission),
    principal: `User:${permission.user}`,
    host: '*',
    permissionType: AclPermissionTypes.ALLOW,
  }))
  await asAdmin(broker, admin => admin.createAcls({ acl }))
}

/** Takes one away. */
export async function disallow(broker: string, permission: Permission): Promise<void> {
  const filter = { ...termsOf(permission), principal: `User:${permission.user}`, host: '*' }
  const permissionType = kafkajs.AclPermissionTypes.ALLOW
  await asAdmin(broker, admin => admin.deleteAcls({ filters: [{ ...filter, permissionType }] }))
}

function termsOf({ type, name, pattern, operation }: Permission) {
  const { AclOperationTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs
  return {
    resourceType: type === 'topic' ? AclResourceTypes.TOPIC : AclResourceTypes.GROUP,
    resourceName: name,
    resourcePatternType: pattern === 'literal' ? ResourcePatternTypes.LITERAL : ResourcePatternTypes.PREFIXED,
    operation: operationOf(operation, AclOperationTypes),
  }
}

/** `DescribeConfigs` is `DESCRIBE_CONFIGS` there. */
function operationOf(operation: string, types: typeof kafkajs.AclOperationTypes): kafkajs.AclOperationTypes {
  const wanted = operation.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()
  const found = Object.entries(types).find(([name]) => name === wanted)?.[1]
  if (typeof found !== 'number') throw new Error(`there is no operation ${operation}`)
  return found
}
