import type { Instant } from '../../../shared/instant.ts'
import { html, type Html } from '../html.ts'
import { percent, round, stretched } from './plot.ts'

/** A course over time, with a threshold and marks. */
export interface Line {
  /** What it says, for whoever does not see it. */
  label: string
  /** The earliest first; `null` where there is no value. */
  points: readonly { at: Instant; value: number | null }[]
  /** The highest value that can be. */
  top: number
  threshold: { value: number; label: string } | null
  marks: readonly { at: Instant; label: string }[]
  /** What stands at the two ends of the time axis. */
  ends: [from: string, until: string]
}

/** Pixels; the width is that of whatever the chart stands in. */
const HEIGHT = 204
const PLOT = { top: 36, bottom: 178 }

/** The path is drawn in thousandths of the width and stretched; texts and straight lines are placed by percentages, so that they are not. */
export function lineChart({ label, points, top, threshold, marks, ends }: Line): Html {
  const [from, until] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 1]
  const share = (at: Instant): number => clamp((at - from) / Math.max(1, until - from))
  const height = (value: number): number => 1 - clamp(value / (top || 1))
  const y = (value: number): number => round(PLOT.top + height(value) * (PLOT.bottom - PLOT.top))
  const line = runs(points)
    .map(run => run.map(({ at, value }) => `${round(share(at) * 1_000)} ${round(height(value) * 100)}`).join('L'))
    .map(run => `M${run}`)
    .join('')
  return html`<svg class="line-chart" width="100%" height="${HEIGHT}" role="img" aria-label="${label}">
    ${[0, top / 2, top].map(value => html`<line class="grid" x1="0" x2="100%" y1="${y(value)}" y2="${y(value)}" />`)}
    ${
      threshold &&
      html`<line class="threshold" x1="0" x2="100%" y1="${y(threshold.value)}" y2="${y(threshold.value)}" />`
    }
    ${apart(marks, share).map(
      mark =>
        html`<line
            class="mark"
            x1="${percent(share(mark.at))}"
            x2="${percent(share(mark.at))}"
            y1="16"
            y2="${PLOT.bottom}"
          />
          <text
            class="mark"
            x="${percent(share(mark.at))}"
            y="11"
            text-anchor="${share(mark.at) > 0.5 ? 'end' : 'start'}"
            >${mark.label}</text
          >`,
    )}
    ${stretched(PLOT, html`<path class="line" d="${line}" vector-effect="non-scaling-stroke" />`)}
    ${[top / 2, top].map(value => html`<text class="over" x="0" y="${y(value) - 4}">${round(value)}</text>`)}
    ${
      threshold &&
      html`<text class="over threshold" x="100%" y="${y(threshold.value) - 4}" text-anchor="end"
        >${threshold.label}</text
      >`
    }
    <text x="0" y="${HEIGHT - 6}">${ends[0]}</text>
    <text x="100%" y="${HEIGHT - 6}" text-anchor="end">${ends[1]}</text>
  </svg>`
}

/** Of marks too close to each other to be read, the last. */
const apart = (marks: Line['marks'], share: (at: Instant) => number): Line['marks'] =>
  marks.filter(({ at }, index) => {
    const next = marks[index + 1]
    return next === undefined || share(next.at) - share(at) > 0.09
  })

/** Unbroken stretches. */
function runs(points: Line['points']): { at: Instant; value: number }[][] {
  const found: { at: Instant; value: number }[][] = [[]]
  for (const { at, value } of points) {
    if (value === null) found.push([])
    else found.at(-1)!.push({ at, value })
  }
  return found.filter(run => run.length > 0)
}

const clamp = (share: number): number => Math.min(1, Math.max(0, share))
