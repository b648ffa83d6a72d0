/** `2400, "EUR"` becomes `24.00 EUR`. */
export function formatPrice(cents, currency) {
  return `${(cents / 100).toFixed(2)} ${currency}`;
}
