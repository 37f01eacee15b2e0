/** The inbox: one document per event. */
export const EVENTS = 'webhook_events'

/** One document per order. */
export const ORDERS = 'orders'

/** What persons decided to give back, and why. */
export const REDRIVES = 'redrives'

/** One document per event of a redrive. */
export const REDRIVE_ITEMS = 'redrive_items'
