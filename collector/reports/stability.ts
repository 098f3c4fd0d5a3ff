const BINS = 10
/** From here on one speaks of another population; from 0.1 on of a shift. Siddiqi 2006, "Credit risk scorecards". */
export const SHIFTED = 0.25

/**
 * Population stability index: how far numbers have moved from what they were. Ten bins of as many former ones each, half a
 * case added to each; 0 is the same. `null` when either are too few to tell.
 */
export function stabilityIndex(before: readonly number[], after: readonly number[], least = 30): number | null {
  if (before.length < least || after.length < least) return null
  const sorted = Float64Array.from(before).toSorted()
  const edges = new Set(
    Array.from({ length: BINS - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / BINS)]!),
  )
  const bins = [...edges]
  const shares = (values: readonly number[]) => {
    const counts = Array.from({ length: bins.length + 1 }, () => 0)
    for (const value of values) counts[bins.filter(edge => value >= edge).length]!++
    return counts.map(count => (count + 0.5) / (values.length + 0.5 * counts.length))
  }
  const [was, is] = [shares(before), shares(after)]
  return was.reduce((sum, share, bin) => sum + (is[bin]! - share) * Math.log(is[bin]! / share), 0)
}
