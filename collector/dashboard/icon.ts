import { html } from './html.ts'

/** A pane of leaded glass with the light behind it. */
export const logo = html`<svg
  class="logo"
  viewBox="0 0 24 24"
  width="24"
  height="24"
  aria-hidden="true"
  focusable="false"
>
  <path d="M12 1.500 21.500 8v14h-19V8Z" fill="var(--glass-1)" />
  <path d="M12 1.500 21.500 8 12 14.500Z" fill="var(--glass-2)" />
  <path d="M2.500 22v-7.500L12 14.500V22Z" fill="var(--glass-3)" />
  <path
    d="M12 1.500V22M2.500 8 12 14.500 21.500 8M2.500 14.500H12M12 1.500 21.500 8v14h-19V8Z"
    fill="none"
    stroke="var(--lead)"
    stroke-width="1.500"
    stroke-linejoin="round"
  />
</svg>`

const stroke = (path: ReturnType<typeof html>) =>
  html`<svg
    class="icon"
    viewBox="0 0 16 16"
    width="16"
    height="16"
    aria-hidden="true"
    focusable="false"
    fill="none"
    stroke="currentColor"
    stroke-width="1.500"
    stroke-linecap="round"
    stroke-linejoin="round"
  >
    ${path}
  </svg>`

/** Small pictures beside words; never instead of them. */
export const ICONS = {
  down: stroke(html`<path d="m4 6 4 4 4-4" />`),
  up: stroke(html`<path d="m4 10 4-4 4 4" />`),
  search: stroke(html`<circle cx="7" cy="7" r="4.500" /><path d="m10.500 10.500 3 3" />`),
  person: stroke(
    html`<circle cx="8" cy="5" r="2.750" /><path d="M2.500 14c.6-3 2.800-4.500 5.500-4.500s4.900 1.500 5.500 4.500" />`,
  ),
  check: stroke(html`<path d="m3 8.500 3.500 3.500L13 4.500" />`),
  cross: stroke(html`<path d="m4 4 8 8M12 4l-8 8" />`),
  file: stroke(html`<path d="M8 2v8m0 0L5 7m3 3 3-3M3 13.500h10" />`),
  bolt: stroke(html`<path d="M9 1.500 3.500 9H8l-1 5.500L12.500 7H8Z" />`),
  back: stroke(html`<path d="M10 3.500 5.500 8l4.500 4.500" />`),
  globe: stroke(
    html`<circle cx="8" cy="8" r="6" /><path d="M2 8h12M8 2c2.200 2 2.200 10 0 12M8 2c-2.200 2-2.200 10 0 12" />`,
  ),
}
