import { html, type Html } from '../html.ts'

/** How much of something there was in each part of a span, the earliest part first. */
export interface Columns {
  /** What it says, for whoever does not see it. */
  label: string
  values: readonly number[]
  /** What is told of a column when it is pointed at. */
  titles: readonly string[]
  /** What stands at the two ends of the time axis. */
  ends: [from: string, until: string]
}

/** Pixels; the width is that of whatever the chart stands in. */
const HEIGHT = 190
const PLOT = { top: 18, bottom: 164 }

export function columnChart({ label, values, titles, ends }: Columns): Html {
  const top = niceTop(Math.max(1, ...values))
  const y = (value: number): number => Math.round((PLOT.bottom - (value / top) * (PLOT.bottom - PLOT.top)) * 10) / 10
  const width = 100 / Math.max(1, values.length)
  return html`<svg class="columns-chart" width="100%" height="${HEIGHT}" role="img" aria-label="${label}">
    ${[0, top / 2, top].map(value => html`<line class="grid" x1="0" x2="100%" y1="${y(value)}" y2="${y(value)}" />`)}
    ${values.map(
      (value, index) =>
        html`<rect
          class="column"
          x="${percent(index * width + width * 0.14)}"
          width="${percent(width * 0.72)}"
          y="${y(value)}"
          height="${Math.max(0, PLOT.bottom - y(value))}"
          rx="2"
          ><title>${titles[index]}</title></rect
        >`,
    )}
    ${[top / 2, top].map(value => html`<text class="over" x="0" y="${y(value) - 4}">${value}</text>`)}
    <text x="0" y="${HEIGHT - 6}">${ends[0]}</text>
    <text x="100%" y="${HEIGHT - 6}" text-anchor="end">${ends[1]}</text>
  </svg>`
}

const percent = (value: number): string => `${Math.round(value * 100) / 100}%`

/** The next even 1, 2 or 5 of a power of ten, so that half of it is whole. */
function niceTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most))
  const nice = [1, 2, 4, 6, 8, 10].map(step => step * power).find(step => step >= most) ?? most
  return Math.max(2, nice)
}
