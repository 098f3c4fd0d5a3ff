import type { Bin, Histogram } from '../../shared/backtest.ts'
import { DAY } from '../../shared/instant.ts'
import { peakOf, type Replay } from '../scoring/replay.ts'
import type { Label } from './label.ts'

/** More bins than a slider has places would only be slow. */
const MAX_BINS = 200

export interface Tried {
  replay: Pick<Replay, 'heights' | 'nothing'>
  label: Label | null
}

/** How many people came how high, and how long before the win the won were there. */
export function histogramOf(people: readonly Tried[]): Histogram {
  if (people.length === 0) return { step: 1, bins: [] }
  let [least, most] = [Infinity, -Infinity]
  for (const { replay } of people) {
    const peak = peakOf(replay)
    least = Math.min(least, peak)
    most = Math.max(most, peak)
  }
  const step = stepFor(most - least)
  const first = indexOf(least, step)
  const bins = Array.from({ length: indexOf(most, step) - first + 1 }, (_, index): Bin => {
    return { score: thresholdAt(first + index, step), won: 0, lost: 0, open: 0, leadDays: null }
  })
  const leads = bins.map((): number[] => [])
  for (const { replay, label } of people) {
    bins[indexOf(peakOf(replay), step) - first]![label?.result ?? 'open']++
    if (label?.result !== 'won') continue
    let reached = 0
    for (const { score, at } of replay.heights) {
      const to = indexOf(score, step) - first
      for (; reached <= to; reached++) leads[reached]!.push((label.at - at) / DAY)
    }
  }
  for (const [index, days] of leads.entries()) bins[index]!.leadDays = median(days)
  return { step, bins }
}

/** 1, 2, 5, 10, 20, … ; a tenth when all scores lie within ten points. */
function stepFor(span: number): number {
  if (span < 10) return 0.1
  for (let ten = 1; ; ten *= 10) {
    for (const step of [ten, 2 * ten, 5 * ten]) if (span / step < MAX_BINS) return step
  }
}

/** The multiple of the step: of a tenth the decimal as one writes it, 0.3, and not 3 · 0.1, which is a little more. */
const thresholdAt = (index: number, step: number): number => (step < 1 ? index / 10 : index * step)

/** The bin that a score belongs to: exactly that whose threshold it reaches, whatever division makes of it. */
function indexOf(score: number, step: number): number {
  const index = Math.floor(score / step)
  if (score >= thresholdAt(index + 1, step)) return index + 1
  return score < thresholdAt(index, step) ? index - 1 : index
}

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null
  const sorted = Float64Array.from(values).toSorted()
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
