export { type InboxUnderTest, inboxConformance } from './inbox-conformance.ts'
export { ordersConformance } from './orders-conformance.ts'
export { recordSourceConformance, type RecordSourceUnderTest } from './record-source-conformance.ts'
export { type TransactionsUnderTest, transactionsConformance } from './transactions-conformance.ts'
