import { rateOf, type Rate } from './interval.ts'

/** Of fewer people of whom it is known how it went, or of fewer wins, nothing is learned. */
export const LEAST_PEOPLE = 30
export const LEAST_WINS = 10

/** How many people came how high. Thresholds are multiples of `step`: each has a bin, also an empty one. */
export interface Histogram {
  step: number
  /** Rising. The last one holds the highest score there was. */
  bins: Bin[]
}

export interface Bin {
  /** The least score of the bin, itself included. */
  score: number
  won: number
  lost: number
  /** Nobody knows yet. */
  open: number
  /** Days from when the won first came to `score` to the win, half of them more, half of them less. */
  leadDays: number | null
}

/** What a threshold would have done. */
export interface ThresholdRow extends Flagged {
  threshold: number
}

/** What it comes to to call some people qualified. */
export interface Flagged {
  /** Whatever became of them. */
  flagged: number
  flaggedPerWeek: number
  truePositives: number
  falsePositives: number
  open: number
  /** Of those of whom it is known, the share that was won. */
  precision: Rate
  /** Of all that were won, the share that was flagged. */
  recall: Rate
  f1: number
  /** Precision ÷ the share that was won of everybody. */
  lift: number | null
  /** Days from the flag to the win: the median. */
  medianLeadDays: number | null
}

/** One row for each bin. Some 10 µs for a hundred bins, however many people: fast enough to follow a slider. */
export function thresholdRows({ bins }: Histogram, weeks: number): ThresholdRow[] {
  const all = total(bins)
  const rows: ThresholdRow[] = []
  let above: Counts = { won: 0, lost: 0, open: 0 }
  for (const bin of bins.toReversed()) {
    above = total([above, bin])
    rows.unshift({ threshold: bin.score, ...flaggedOf(above, all, weeks, bin.leadDays) })
  }
  return rows
}

export interface Counts {
  won: number
  lost: number
  open: number
}

/** What flagging some of all comes to; `leadDays` is the median from the flag to the win. */
export function flaggedOf({ won, lost, open }: Counts, all: Counts, weeks: number, leadDays: number | null): Flagged {
  const known = all.won + all.lost
  const precision = rateOf(won, won + lost)
  const recall = rateOf(won, all.won)
  return {
    flagged: won + lost + open,
    flaggedPerWeek: (won + lost + open) / weeks,
    truePositives: won,
    falsePositives: lost,
    open,
    precision,
    recall,
    f1: fBeta({ won, lost }, all, 1),
    lift: precision.rate === null || all.won === 0 ? null : precision.rate / (all.won / known),
    medianLeadDays: leadDays,
  }
}

/** Precision and recall in one number; recall counts `beta` times as much. */
export function fBeta({ won, lost }: Pick<Counts, 'won' | 'lost'>, all: Pick<Counts, 'won'>, beta: number): number {
  const weight = beta * beta
  const sum = (1 + weight) * won + weight * (all.won - won) + lost
  return sum === 0 ? 0 : ((1 + weight) * won) / sum
}

/** What a threshold above all scores would have done. */
export const nobodyRow = (histogram: Histogram, weeks: number): ThresholdRow => ({
  threshold: aboveAll(histogram),
  ...flaggedOf(total([]), total(histogram.bins), weeks, null),
})

/** The lowest threshold that nobody reaches; as a decimal of one digit, which a sum in binary is not. */
const aboveAll = ({ step, bins }: Histogram): number => Math.round(((bins.at(-1)?.score ?? 0) + step) * 10) / 10

/** The threshold with the best F-beta; of equal ones the highest. `null` without any win. */
export function bestThreshold(histogram: Histogram, beta: number): number | null {
  const all = total(histogram.bins)
  let best: { threshold: number; value: number } | null = null
  let above: Counts = { won: 0, lost: 0, open: 0 }
  for (const bin of histogram.bins.toReversed()) {
    above = total([above, bin])
    const value = fBeta(above, all, beta)
    if (value > (best?.value ?? 0)) best = { threshold: bin.score, value }
  }
  return best?.threshold ?? null
}

/**
 * The threshold that flags as many people a week as sales can take, and no more: of those that flag the same people the
 * highest. Above all scores when even the highest flags too many.
 */
export function thresholdForCapacity(histogram: Histogram, weeks: number, perWeek: number): number {
  let flagged = 0
  let threshold = aboveAll(histogram)
  for (const { score, won, lost, open } of histogram.bins.toReversed()) {
    flagged += won + lost + open
    if (flagged / weeks > perWeek) break
    if (won + lost + open > 0) threshold = score
  }
  return threshold
}

function total(parts: readonly Counts[]): Counts {
  const sum = { won: 0, lost: 0, open: 0 }
  for (const { won, lost, open } of parts) {
    sum.won += won
    sum.lost += lost
    sum.open += open
  }
  return sum
}
