/** A share of cases, and where the true share lies with 95 % confidence. All three from 0 to 1; nothing is known of none. */
export interface Rate {
  rate: number | null
  low: number
  high: number
}

/** The 97.5 % quantile of the normal distribution: two-sided, 95 %. */
const Z = 1.959963984540054

/**
 * Share of `hits` among `cases` with Wilson's score interval, which stays within 0 and 1 and holds for few cases too.
 * Wilson 1927, "Probable inference, the law of succession, and statistical inference".
 */
export function rateOf(hits: number, cases: number, z = Z): Rate {
  if (cases === 0) return { rate: null, low: 0, high: 1 }
  const rate = hits / cases
  const scale = 1 + (z * z) / cases
  const middle = (rate + (z * z) / (2 * cases)) / scale
  const half = (z / scale) * Math.sqrt((rate * (1 - rate)) / cases + (z * z) / (4 * cases * cases))
  // At the very ends rounding must not leave the true value out.
  return {
    rate,
    low: hits === 0 ? 0 : Math.max(0, middle - half),
    high: hits === cases ? 1 : Math.min(1, middle + half),
  }
}
