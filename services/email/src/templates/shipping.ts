import type { MailTemplate } from '../render.ts'

// The label is not in the subject: a merchant types it, and a line break in a header would stop the mail.
export const shipping: MailTemplate = {
  en: {
    subject: 'Delivery of your order {{number}}',
    paragraphs: [
      'The delivery status of your order {{number}}: {{label}}',
      '{{#if tracking}}Tracking number: {{tracking}}{{/if}}',
    ],
  },
  ar: {
    subject: 'توصيل طلبك رقم {{number}}',
    paragraphs: ['حالة توصيل طلبك رقم {{number}}: {{label}}', '{{#if tracking}}رقم التتبع: {{tracking}}{{/if}}'],
  },
}
