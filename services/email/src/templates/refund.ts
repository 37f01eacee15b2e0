import type { MailTemplate } from '../render.ts'

export const refund: MailTemplate = {
  en: {
    subject: 'A refund for your order {{number}}',
    paragraphs: [
      '{{#if full}}Your order {{number}} was refunded in full.{{else if partial}}A part of your order {{number}} was refunded.{{else}}Your order {{number}} was refunded.{{/if}}',
      'It can take a few days until you see it in your account.',
    ],
  },
  ar: {
    subject: 'استرداد مبلغ لطلبك رقم {{number}}',
    paragraphs: [
      '{{#if full}}تم استرداد كامل مبلغ طلبك رقم {{number}}.{{else if partial}}تم استرداد جزء من مبلغ طلبك رقم {{number}}.{{else}}تم استرداد مبلغ لطلبك رقم {{number}}.{{/if}}',
      'قد يستغرق ظهور المبلغ في حسابك بضعة أيام.',
    ],
  },
}
