import { describe, expect, test } from 'vitest'
import { mailOf } from './recording.ts'
import { hc, points } from '@hookline/testkit'

const metadata = { email: 'a@shop.example' }
const inArabic = { email: 'a@shop.example', language: 'ar' }

describe('the mails as customers read them', () => {
  test.each([
    [
      'confirmation',
      points('approved', { metadata, total_price: 150.75, total_points: 500 }),
      'Your order N-1 is confirmed',
      'Thank you. Your order N-1 is confirmed.\n\nTotal: 150.75 SAR\n\nPoints: 500\n',
    ],
    [
      'confirmation, in Arabic',
      points('approved', { metadata: inArabic, total_price: 150.75, total_points: 500 }),
      'تم تأكيد طلبك رقم N-1',
      'شكرًا لك. تم تأكيد طلبك رقم N-1.\n\nالإجمالي: 150.75 ر.س\n\nالنقاط: 500\n',
    ],
    [
      'confirmation of HC, without amounts whose unit is not documented',
      hc('order.confirmed', {
        id: 'o-1',
        number: 1001,
        email: 'a@shop.example',
        total: { amount: 1, currency: 'SAR' },
      }),
      'Your order 1001 is confirmed',
      'Thank you. Your order 1001 is confirmed.\n',
    ],
    [
      'cancellation, without the reason that somebody typed',
      points('cancelled', { metadata, reason: 'suspected fraud' }),
      'Your order N-1 was cancelled',
      'Your order N-1 was cancelled.\n\nIf you did not expect this, please contact the shop.\n',
    ],
    [
      'cancellation, in Arabic',
      hc('order.cancelled', { id: 'o-1', number: 1001, customer: { email: 'a@shop.example', locale: 'ar-SA' } }),
      'تم إلغاء طلبك رقم 1001',
      'تم إلغاء طلبك رقم 1001.\n\nإذا لم تكن تتوقع ذلك، يرجى التواصل مع المتجر.\n',
    ],
    [
      'part of a refund',
      points('refunded', { metadata, order_status: 'partially_refunded' }),
      'A refund for your order N-1',
      'A part of your order N-1 was refunded.\n\nIt can take a few days until you see it in your account.\n',
    ],
    [
      'full refund',
      points('refunded', { metadata, order_status: 'fully_refunded' }),
      'A refund for your order N-1',
      'Your order N-1 was refunded in full.\n\nIt can take a few days until you see it in your account.\n',
    ],
    [
      'refund of which nobody knows whether it is full, in Arabic',
      hc('payment.refunded', { id: 'rf_1', order_id: 'o-1', email: 'a@shop.example', locale: 'ar' }),
      'استرداد مبلغ لطلبك رقم o-1',
      'تم استرداد مبلغ لطلبك رقم o-1.\n\nقد يستغرق ظهور المبلغ في حسابك بضعة أيام.\n',
    ],
    [
      "shipping, in the merchant's own words",
      points('shipping_status_updated', { metadata, status: 'x', status_label: { ar: 'في الطريق', en: 'On its way' } }),
      'Delivery of your order N-1',
      'The delivery status of your order N-1: On its way\n',
    ],
    [
      "shipping, in the merchant's own Arabic words",
      points('shipping_status_updated', { metadata: inArabic, status_label: { ar: 'في الطريق', en: 'On its way' } }),
      'توصيل طلبك رقم N-1',
      'حالة توصيل طلبك رقم N-1: في الطريق\n',
    ],
    [
      'shipping of HC, with its tracking number',
      hc('fulfillment.shipped', { id: 'f-1', order_id: 'o-1', email: 'a@shop.example', tracking_number: 'T-1' }),
      'Delivery of your order o-1',
      'The delivery status of your order o-1: Shipped\n\nTracking number: T-1\n',
    ],
  ])('%s', async (_name, event, subject, text) => {
    const mail = await mailOf(event)
    expect(mail).toMatchObject({ to: 'a@shop.example', subject, text })
  })

  test('HTML says the same, in the direction of its language', async () => {
    const { html } = await mailOf(points('approved', { metadata: inArabic, total_points: 500 }))
    expect(html).toBe(`<!doctype html>
<html lang="ar" dir="rtl">
<head><meta charset="utf-8"></head>
<body>
<p>شكرًا لك. تم تأكيد طلبك رقم N-1.</p>
<p>النقاط: 500</p>
</body>
</html>
`)
  })
})

describe('the language', () => {
  test.each([
    ['ar', 'ar'],
    ['AR_sa', 'ar'],
    ['en-GB', 'en'],
  ] as const)('%s is the language that the order names', async (language, expected) => {
    const other = expected === 'ar' ? 'en' : 'ar'
    const { html } = await mailOf(points('approved', { metadata: { ...metadata, language } }), other)
    expect(html).toContain(`lang="${expected}"`)
  })

  test.each([[undefined], [null], [''], ['fr'], ['english'], [5], [['en']], [{ en: true }]])(
    'is the configured one where the order names none of ours (%j)',
    async locale => {
      const { html } = await mailOf(points('approved', { metadata: { ...metadata, locale } }), 'ar')
      expect(html).toContain('lang="ar"')
    },
  )
})

describe("the label of a shipment's status", () => {
  const textOf = async (order: object): Promise<string> =>
    (await mailOf(points('shipping_status_updated', { metadata, ...order }))).text.trim()

  test.each([
    [{ status_label: { en: 'Ready', ar: 'جاهز' } }, 'Ready'],
    [{ status_label: { ar: 'جاهز' } }, 'جاهز'],
    [{ status_label: { en: ' ' }, status: 'delivered' }, 'Delivered'],
    [{ status_label: 'Ready', status: 'delivered' }, 'Ready'],
    [{ status_label: null, status: 'delivered' }, 'Delivered'],
    [{ status_label: { en: 5 }, status: 'constructor' }, 'constructor'],
    [{ status: 'with_the_neighbour' }, 'with_the_neighbour'],
  ])('%j', async (order, label) => {
    expect(await textOf(order)).toBe(`The delivery status of your order N-1: ${label}`)
  })
})

describe('what a sender writes into a value', () => {
  const nasty = '<img src=x onerror="alert(1)">&\'`{{number}}{{{constructor}}}'

  test('is text in HTML, never markup, and never a template', async () => {
    const { html, text } = await mailOf(points('approved', { metadata, order_number: nasty }))
    expect(html).not.toContain('<img')
    expect(html).toContain('&lt;img src&#x3D;x onerror&#x3D;&quot;alert(1)&quot;&gt;&amp;&#x27;&#x60;{{number}}')
    expect(text).toContain(nasty)
  })

  test('is text in HTML for labels and tracking numbers too', async () => {
    const label = await mailOf(points('shipping_status_updated', { metadata, status_label: { en: nasty } }))
    const data = { id: 'f-1', order_id: 'o-1', email: 'a@shop.example', tracking_number: nasty }
    const tracking = await mailOf(hc('fulfillment.shipped', data))
    for (const { html } of [label, tracking]) {
      expect(html).toContain('&lt;img')
      expect(html).not.toContain('<img')
    }
  })

  test('never gets a label into a header', async () => {
    const status_label = { en: 'Ready\r\nBcc: b@evil.example' }
    const { subject, headers, key } = await mailOf(points('shipping_status_updated', { metadata, status_label }))
    expect(JSON.stringify({ subject, headers, key })).not.toContain('evil')
  })
})

test('odd data in any field stops no mail', async () => {
  for (const odd of [null, 5, true, 'text', [], {}, [[]]]) {
    const order = { total_price: odd, total_points: odd, order_number: odd, order_status: odd }
    await expect(mailOf(points('approved', { metadata, ...order }))).resolves.toBeDefined()
    await expect(mailOf(points('refunded', { metadata, ...order }))).resolves.toBeDefined()
    const data = { id: 'o-1', number: odd, order: odd, tracking_number: odd, locale: odd }
    const customer = { email: 'a@shop.example', locale: odd }
    await expect(mailOf(hc('order.confirmed', { ...data, customer }))).resolves.toBeDefined()
    const shipped = { ...data, order_id: 'o-1', customer }
    await expect(mailOf(hc('fulfillment.shipped', shipped))).resolves.toBeDefined()
  }
})
