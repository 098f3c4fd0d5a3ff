import type { AppParts } from '../app.ts'
import { anyone } from '../access.ts'
import type { Addresses } from '../address.ts'
import { route, type Route } from '../route.ts'
import type { Sessions } from '../session.ts'
import { assets } from './frame.ts'
import { home } from './home.ts'
import { lead } from './lead.ts'
import { leads } from './leads.ts'
import { openPage } from './page.ts'
import { preferences } from './preferences.ts'
import { signIn } from './sign-in.ts'

/** What the pages need of the collector. */
export interface PageParts extends Pick<AppParts, 'store' | 'writer' | 'clock' | 'log'> {
  sessions: Sessions
  addresses: Addresses
}

/** The first page. */
const HOME = '/home'

/** The dashboard: pages for people, one line each. What they show is what the API answers. */
export function pages(parts: PageParts): Route[] {
  return [
    ...files(),
    openPage(parts, 'get', '/', async ({ c }) => c.redirect(HOME + new URL(c.req.url).search)),
    ...signIn(parts),
    ...preferences(parts),
    ...home(parts),
    ...leads(parts),
    ...lead(parts),
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
