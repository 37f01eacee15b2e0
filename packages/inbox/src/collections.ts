/** The inbox: one document per event. */
export const EVENTS = 'webhook_events'

/** One document per order. */
export const ORDERS = 'orders'
