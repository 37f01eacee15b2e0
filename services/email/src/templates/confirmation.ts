import type { MailTemplate } from '../render.ts'

export const confirmation: MailTemplate = {
  en: {
    subject: 'Your order {{number}} is confirmed',
    paragraphs: [
      'Thank you. Your order {{number}} is confirmed.',
      '{{#if total}}Total: {{total}} SAR{{/if}}',
      '{{#if points}}Points: {{points}}{{/if}}',
    ],
  },
  ar: {
    subject: 'تم تأكيد طلبك رقم {{number}}',
    paragraphs: [
      'شكرًا لك. تم تأكيد طلبك رقم {{number}}.',
      '{{#if total}}الإجمالي: {{total}} ر.س{{/if}}',
      '{{#if points}}النقاط: {{points}}{{/if}}',
    ],
  },
}
