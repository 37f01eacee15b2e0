import type { CatalogueEvent } from '@hookline/consumer'
import { type Language, languages } from './language.ts'

type Labels = Readonly<Record<Language, string>>

// Points' own shipping statuses, for orders without a label, and HC's events.
const LABELS: Readonly<Record<string, Labels>> = {
  new: { en: 'Received', ar: 'تم الاستلام' },
  license_in_progress: { en: 'License in progress', ar: 'الترخيص قيد الإجراء' },
  ready_shipping: { en: 'Ready to ship', ar: 'جاهز للشحن' },
  delivery_is_in_progress: { en: 'Out for delivery', ar: 'قيد التوصيل' },
  delivered: { en: 'Delivered', ar: 'تم التوصيل' },
  cancelled: { en: 'Cancelled', ar: 'ملغي' },
  'fulfillment.shipped': { en: 'Shipped', ar: 'تم الشحن' },
  'fulfillment.delivered': { en: 'Delivered', ar: 'تم التوصيل' },
}

/**
 * What to call a shipment's status: the merchant's label in this language, else in the other one, else ours, else the
 * status as it was sent. Undefined where the event says nothing.
 */
export function shippingLabelOf(event: CatalogueEvent, language: Language): string | undefined {
  if (event.source !== 'points') return ourLabel(event.event, language)
  const { status, status_label: sent } = event.order
  if (isText(sent)) return sent
  const inAnyLanguage = [language, ...languages].map(name => (sent ? sent[name] : undefined))
  return inAnyLanguage.find(isText) ?? (isText(status) ? (ourLabel(status, language) ?? status) : undefined)
}

function ourLabel(name: string, language: Language): string | undefined {
  return Object.hasOwn(LABELS, name) ? LABELS[name]?.[language] : undefined
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}
