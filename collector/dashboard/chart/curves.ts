import { html, type Html } from '../html.ts'
import { percent, round, stretched } from './plot.ts'

/** Two shares along a scale, the first with its interval, and a mark that a script may move. */
export interface Curves {
  /** What it says, for whoever does not see it. */
  label: string
  /** From the lowest place of the scale to the highest. */
  points: readonly { first: { rate: number | null; low: number; high: number }; second: number | null }[]
  names: { first: string; second: string }
  /** Where the mark stands, from 0 to 1. */
  mark: number
  /** What stands at the two ends of the scale. */
  ends: [from: string, until: string]
  /** What a half and a whole are called. */
  shares: [half: string, whole: string]
}

/** Pixels; the width is that of whatever the chart stands in. */
const HEIGHT = 212
const PLOT = { top: 18, bottom: 186 }

export function curveChart({ label, points, names, mark, ends, shares }: Curves): Html {
  const x = (index: number): number => round((index / Math.max(1, points.length - 1)) * 1_000)
  const y = (share: number): number => round((1 - share) * 100)
  const line = (values: readonly (number | null)[]): string => {
    const drawn = values.map((value, index) => (value === null ? null : `${x(index)} ${y(value)}`))
    return drawn.map((point, index) => point && `${drawn[index - 1] ? 'L' : 'M'}${point}`).join('')
  }
  const known = points.flatMap(({ first }, index) => (first.rate === null ? [] : [{ ...first, index }]))
  const band = [
    ...known.map(({ high, index }) => `${x(index)} ${y(high)}`),
    ...known.toReversed().map(({ low, index }) => `${x(index)} ${y(low)}`),
  ].join('L')
  const height = (share: number): number => round(PLOT.bottom - share * (PLOT.bottom - PLOT.top))
  return html`<ul class="legend">
      <li class="first">${names.first}</li>
      <li class="second">${names.second}</li>
    </ul>
    <svg class="curves-chart" width="100%" height="${HEIGHT}" role="img" aria-label="${label}">
      ${[0, 0.5, 1].map(share => html`<line class="grid" x1="0" x2="100%" y1="${height(share)}" y2="${height(share)}" />`)}
      ${stretched(
        PLOT,
        html`${known.length > 1 && html`<path class="band" d="M${band}Z" />`}
          <path
            class="line second"
            d="${line(points.map(({ second }) => second))}"
            vector-effect="non-scaling-stroke"
          />
          <path
            class="line first"
            d="${line(points.map(({ first }) => first.rate))}"
            vector-effect="non-scaling-stroke"
          />`,
      )}
      <line
        class="mark"
        data-mark
        x1="${percent(mark)}"
        x2="${percent(mark)}"
        y1="${PLOT.top - 8}"
        y2="${PLOT.bottom}"
      />
      ${shares.map((name, index) => html`<text class="over" x="0" y="${height((index + 1) / 2) - 4}">${name}</text>`)}
      <text x="0" y="${HEIGHT - 8}">${ends[0]}</text>
      <text x="100%" y="${HEIGHT - 8}" text-anchor="end">${ends[1]}</text>
    </svg>`
}
