import { html, type Html } from '../html.ts'

/**
 * A share of 1 with its interval, on an axis from 0 to `top`, and where that of everybody lies. The words beside it say
 * what it says.
 */
export function intervalBar(
  { rate, low, high }: { rate: number | null; low: number; high: number },
  top: number,
  everybody: number | null,
): Html {
  const percent = (share: number): string => `${Math.round(Math.max(0, Math.min(1, share / (top || 1))) * 1_000) / 10}%`
  const width = Math.max(0, Math.min(high, top) - low)
  return html`<svg class="interval" width="100%" height="12" aria-hidden="true" focusable="false">
    <line class="axis" x1="0" x2="100%" y1="6" y2="6" />
    ${everybody !== null && html`<line class="everybody" x1="${percent(everybody)}" x2="${percent(everybody)}" y1="0" y2="12" />`}
    <rect class="range" x="${percent(low)}" width="${percent(width)}" y="3" height="6" rx="3" />
    ${rate !== null && html`<circle class="rate" cx="${percent(rate)}" cy="6" r="3.500" />`}
  </svg>`
}
