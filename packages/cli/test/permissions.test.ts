import { expect, it } from 'vitest'
import { withPermissions } from '../src/new-consumer/permissions.ts'

const BEFORE = `# who may do what; a copy of erp-sync
---
metadata:
  name: ingress
spec:
  acls:
    - resource: { type: topic, name: points.webhook, patternType: literal }
      operations: [Write]
---
metadata:
  name: erp-sync
spec:
  acls:
    - resource: { type: topic, name: points.webhook, patternType: literal }
      operations: [Read]
    - resource: { type: topic, name: erp-sync.dead, patternType: literal }
      operations: [Write]
    - resource: { type: group, name: erp-sync, patternType: literal }
      operations: [Read]
---
metadata:
  name: operator
spec:
  acls:
    # letters
    - resource: { type: topic, name: erp-sync.dead, patternType: literal }
      operations: [Describe, Read]
    # lag
    - resource: { type: group, name: erp-sync, patternType: literal }
      operations: [Describe]
    - resource: { type: group, name: erp-sync-letters, patternType: prefix }
      operations: [Read]
`

const AFTER = `# who may do what; a copy of erp-sync
---
metadata:
  name: ingress
spec:
  acls:
    - resource: { type: topic, name: points.webhook, patternType: literal }
      operations: [Write]
---
metadata:
  name: erp-sync
spec:
  acls:
    - resource: { type: topic, name: points.webhook, patternType: literal }
      operations: [Read]
    - resource: { type: topic, name: erp-sync.dead, patternType: literal }
      operations: [Write]
    - resource: { type: group, name: erp-sync, patternType: literal }
      operations: [Read]
---
metadata:
  name: gift-cards
spec:
  acls:
    - resource: { type: topic, name: points.webhook, patternType: literal }
      operations: [Read]
    - resource: { type: topic, name: gift-cards.dead, patternType: literal }
      operations: [Write]
    - resource: { type: group, name: gift-cards, patternType: literal }
      operations: [Read]
---
metadata:
  name: operator
spec:
  acls:
    # letters
    - resource: { type: topic, name: erp-sync.dead, patternType: literal }
      operations: [Describe, Read]
    - resource: { type: topic, name: gift-cards.dead, patternType: literal }
      operations: [Describe, Read]
    # lag
    - resource: { type: group, name: erp-sync, patternType: literal }
      operations: [Describe]
    - resource: { type: group, name: gift-cards, patternType: literal }
      operations: [Describe]
    - resource: { type: group, name: erp-sync-letters, patternType: prefix }
      operations: [Read]
`

it('a new consumer may do what the one before may, and others with its topic and group what they may with that', () => {
  expect(withPermissions(BEFORE, 'gift-cards')).toBe(AFTER)
})

it('where there is no consumer nothing is changed', () => {
  const [, ingress = ''] = BEFORE.split('---\n')
  expect(withPermissions(ingress, 'gift-cards')).toBe(ingress)
})
