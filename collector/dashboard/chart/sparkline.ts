import { html, type Html } from '../html.ts'

const WIDTH = 72
const HEIGHT = 22

/** A line without axes, at most as high as `top`; the words beside it say what it says. */
export function sparkline(given: readonly (number | null)[], top: number): Html {
  const values = given.map(value => value ?? 0)
  const x = (index: number) => round((index / Math.max(1, values.length - 1)) * (WIDTH - 4) + 2)
  const y = (value: number) => round(HEIGHT - 2 - (Math.max(0, Math.min(value, top)) / (top || 1)) * (HEIGHT - 4))
  const line = values.map((value, index) => `${x(index)} ${y(value)}`).join('L')
  return html`<svg
    class="sparkline"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    width="${WIDTH}"
    height="${HEIGHT}"
    aria-hidden="true"
    focusable="false"
  >
    <path class="area" d="M${x(0)} ${HEIGHT}L${line}L${x(values.length - 1)} ${HEIGHT}Z" />
    <path class="line" d="M${line}" />
    <circle class="dot" cx="${x(values.length - 1)}" cy="${y(values.at(-1) ?? 0)}" r="2" />
  </svg>`
}

const round = (value: number): number => Math.round(value * 10) / 10
