import type { Instant } from './instant.ts'

/** How a visitor came to the site, in GA4's traffic-source words. `at` is the instant of the landing. */
export interface Touch {
  at: Instant
  /** `google`, `newsletter`, a referring host; `(direct)` when nothing is known. */
  source: string
  /** `cpc`, `email`, `organic`, `social`, `referral`; `(none)` for direct. */
  medium: string
  campaign?: string
  term?: string
  content?: string
  /** The ad network's parameter that was present: `gclid`, `fbclid`, `msclkid`, … */
  click_id?: string
  /** Origin and path of the referring page. */
  referrer?: string
  /** Path of the page landed on. */
  landing_page?: string
}
