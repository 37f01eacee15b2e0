const ORDER = '7d9f2c1e-6a53-4b0a-9a0e-2f4f1f2d3c4b'

/** Bodies by source and event, for the document. A source may have none. */
export const exampleBodies: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  points: {
    approved: {
      event: 'approved',
      order: {
        id: ORDER,
        reference_number: null,
        order_number: 'A-1001',
        type: 'earning',
        total_price: 250,
        total_points: 25,
        payment_status: 'fully_paid',
        order_status: 'approved',
        metadata: null,
        created_at: '2026-03-01T09:58:00Z',
        updated_at: '2026-03-01T10:00:00Z',
      },
      timestamp: '2026-03-01T10:00:00Z',
    },
    refunded: {
      event: 'refunded',
      order: { id: ORDER, order_number: 'A-1001', order_status: 'partially_refunded' },
      timestamp: '2026-03-04T08:30:00Z',
    },
  },
  hc: {
    'order.created': {
      id: 'evt_1001',
      type: 'order.created',
      created_at: '2026-03-01T10:00:00.250Z',
      data: { id: 'ord_1001', number: 'A-1001', status: 'created' },
      store_id: 'store_1',
    },
    'payment.refunded': {
      id: 'evt_1002',
      type: 'payment.refunded',
      created_at: '2026-03-04T08:30:00.125Z',
      data: { id: 're_17', order_id: 'ord_1001', amount: 50 },
      store_id: 'store_1',
    },
  },
}
