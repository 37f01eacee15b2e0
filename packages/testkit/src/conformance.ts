export { type InboxUnderTest, inboxConformance } from './inbox-conformance.ts'
export { ordersConformance } from './orders-conformance.ts'
