/**
 * The number in a price as a page shows it, whatever the country: `€ 1.234,50`, `1,234.50 kr`, `12 900,-`. The last mark
 * stands before decimals if one or two digits follow it.
 */
export function amount(text: string | undefined): number | undefined {
  const [shown] = /\d[\d.,'’\s\u00a0\u202f]*/.exec(text ?? '') ?? []
  if (!shown) return undefined
  const [, whole, decimals = '0'] = /^(.*?)(?:[.,](\d{1,2}))?$/.exec(shown.replace(/[^\d]+$/, ''))!
  return Number(whole!.replaceAll(/\D/g, '') + '.' + decimals)
}
