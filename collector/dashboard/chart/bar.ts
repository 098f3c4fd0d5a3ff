import { html, type Html } from '../html.ts'

/** A share of 1 as a bar; the words beside it say what it says. */
export const bar = (share: number): Html =>
  html`<svg class="bar-chart" width="100%" height="8" aria-hidden="true" focusable="false">
    <rect class="track" width="100%" height="8" rx="4" />
    <rect class="fill" width="${Math.round(Math.max(0, Math.min(1, share)) * 1_000) / 10}%" height="8" rx="4" />
  </svg>`
