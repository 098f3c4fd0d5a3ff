import type { AppParts } from '../app.ts'
import { anyone } from '../access.ts'
import type { Addresses } from '../address.ts'
import type { Logbook } from '../logbook.ts'
import { route, type Route } from '../route.ts'
import type { Sessions } from '../session.ts'
import { content } from './content.ts'
import { assets } from './frame.ts'
import { home } from './home.ts'
import { lead } from './lead.ts'
import { leads } from './leads.ts'
import { learning } from './learning.ts'
import { openPage } from './page.ts'
import { preferences } from './preferences.ts'
import { scoring } from './scoring.ts'
import { settings } from './settings.ts'
import { setUp } from './setup.ts'
import { signIn } from './sign-in.ts'

/** What the pages need of the collector. */
export interface PageParts extends Pick<
  AppParts,
  | 'store'
  | 'writer'
  | 'rules'
  | 'learner'
  | 'clock'
  | 'log'
  | 'publicUrl'
  | 'demo'
  | 'outbox'
  | 'failing'
  | 'live'
  | 'retentionDays'
> {
  sessions: Sessions
  addresses: Addresses
  logbook: Logbook
}

/** The first page. */
const HOME = '/home'
/** Until the first event has come that counts. */
const FIRST_RUN = '/setup'
/** Of a site that so many events have come to, it is known how to reach it. */
const FEW = 500

/** The dashboard: pages for people, one line each. What they show is what the API answers. */
export function pages(parts: PageParts): Route[] {
  /** Whether there is one site, and nothing has come yet that counts. */
  async function isNew(): Promise<boolean> {
    const [site, ...others] = await parts.store.sites()
    if (!site || others.length > 0) return false
    const { events, weak } = await parts.store.trackingHealth(site.id)
    return events < FEW && events === Object.values(weak).reduce((sum, count) => sum + count, 0)
  }

  return [
    ...files(),
    openPage(parts, 'get', '/', async ({ c }) => {
      const first = (await parts.sessions.of(c)) && (await isNew()) ? FIRST_RUN : HOME
      return c.redirect(first + new URL(c.req.url).search)
    }),
    ...signIn(parts),
    ...preferences(parts),
    ...home(parts),
    ...leads(parts),
    ...lead(parts),
    ...content(parts),
    ...scoring(parts),
    ...learning(parts),
    ...setUp(parts),
    ...settings(parts),
  ]
}

/** Styles, scripts and pictures. */
const files = (): Route[] => [
  route({
    method: 'get',
    path: '/assets/:version/:name{.+}',
    access: anyone,
    summary: null,
    query: 'any',
    answer: null,
    run: ({ c }) => assets.serve(c),
  }),
]
