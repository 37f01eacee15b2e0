import type { MailTemplate } from '../render.ts'

// Without the reason: it is what somebody of the merchant typed, and was not meant for the customer.
export const cancellation: MailTemplate = {
  en: {
    subject: 'Your order {{number}} was cancelled',
    paragraphs: ['Your order {{number}} was cancelled.', 'If you did not expect this, please contact the shop.'],
  },
  ar: {
    subject: 'تم إلغاء طلبك رقم {{number}}',
    paragraphs: ['تم إلغاء طلبك رقم {{number}}.', 'إذا لم تكن تتوقع ذلك، يرجى التواصل مع المتجر.'],
  },
}
