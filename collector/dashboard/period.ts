import { link, type Frame } from './frame.ts'
import { html, type Html } from './html.ts'

/** How many days, up to today, a page can be about. */
export const PERIODS = [7, 30, 90, 365] as const
export const DEFAULT_DAYS = 30

/** Leads to the same page about another period; `query` is what else is asked of it. */
export const periodNav = (frame: Frame, path: string, days: number, query: Record<string, string | null> = {}): Html =>
  html`<nav class="segments-nav" aria-label="${frame.words.say('period')}">
    <ul>
      ${PERIODS.map(
        period =>
          html`<li>
            <a
              href="${link(frame, path, { ...query, days: period === DEFAULT_DAYS ? null : period })}"
              ${period === days && html`aria-current="page"`}
              >${frame.words.say('period.days', { count: period })}</a
            >
          </li>`,
      )}
    </ul>
  </nav>`
