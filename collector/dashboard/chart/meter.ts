import { html, type Html } from '../html.ts'

/** How far a value has come on its way to `top`, with the place of a threshold; the words beside it say what it says. */
export function meter(value: number, top: number, threshold: number | null): Html {
  const percent = (part: number): string => `${Math.round(Math.max(0, Math.min(1, part / (top || 1))) * 1_000) / 10}%`
  return html`<svg class="meter" width="100%" height="14" aria-hidden="true" focusable="false">
    <rect class="track" width="100%" height="8" y="3" rx="4" />
    <rect
      class="${threshold !== null && value >= threshold ? 'fill reached' : 'fill'}"
      width="${percent(value)}"
      height="8"
      y="3"
      rx="4"
    />
    ${threshold !== null && html`<rect class="notch" x="${percent(threshold)}" width="2" height="14" />`}
  </svg>`
}
