import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { Refusal } from '../../../shared/refusal.ts'
import { DAY, SECOND, type Instant } from '../../../shared/instant.ts'
import { THEMES, type Frame, type Surface, type Theme } from '../../dashboard/frame.ts'
import { LANGUAGES, languageFor, wordsIn, type Language } from '../../dashboard/words.ts'
import type { Access } from '../access.ts'
import { readAssets } from '../assets.ts'
import { text } from '../query.ts'
import type { Session } from '../session.ts'
import type { PageParts } from './pages.ts'

/** Styles, scripts and pictures of the dashboard. */
export const assets = readAssets(new URL('../../dashboard/public/', import.meta.url), '/assets')

/** The same page again after a form has been taken, so that loading it once more sends nothing twice. */
export function leave(c: Context, address: string, notice?: string): Response {
  if (notice !== undefined) setCookie(c, NOTICE, notice, { ...COOKIE, maxAge: 60 })
  c.header('Cache-Control', 'no-store')
  return c.redirect(localAddress(address), 303)
}

/** A path of our own; anything that could lead elsewhere is home. */
export const localAddress = (address: string | undefined): string =>
  address !== undefined && /^\/(?![/\\])[^\\\s]*$/.test(address) ? address : '/'

/** What somebody has chosen for themselves, in a cookie: it says nothing that anybody else may not know. */
export interface Preferences {
  language?: Language
  theme?: Theme
  zone?: string
}

const PREFERENCES = 'leadlight-preferences'
const NOTICE = 'leadlight-notice'
const COOKIE = { path: '/', httpOnly: true, sameSite: 'Lax' } as const

export const ZONES: readonly string[] = ['UTC', ...Intl.supportedValuesOf('timeZone').filter(zone => zone !== 'UTC')]

/** The known ones among these values; all others are as though they had not been given. */
export function readPreferences(given: { language?: string; theme?: string; zone?: string }): Preferences {
  const { language, theme, zone } = given
  return {
    ...(language !== undefined && Object.hasOwn(LANGUAGES, language) && { language: language as Language }),
    ...(THEMES.includes(theme as Theme) && { theme: theme as Theme }),
    ...(zone !== undefined && ZONES.includes(zone) && { zone }),
  }
}

const preferencesOf = (c: Context): Preferences =>
  readPreferences(Object.fromEntries(new URLSearchParams(getCookie(c, PREFERENCES))))

/** Adds to what has been chosen before. */
export function remember(c: Context, chosen: Preferences): void {
  const all = new URLSearchParams({ ...preferencesOf(c), ...chosen }).toString()
  setCookie(c, PREFERENCES, all, { ...COOKIE, maxAge: (365 * DAY) / SECOND })
}

/** What a page needs whoever asks for it. `zone` is for whoever has chosen none. */
export function surfaceOf(c: Context, now: Instant, zone = 'UTC'): Surface {
  const chosen = preferencesOf(c)
  const language = chosen.language ?? languageFor(c.req.header('Accept-Language'))
  const { pathname, search } = new URL(c.req.url)
  return {
    words: wordsIn(language, chosen.zone ?? zone),
    theme: chosen.theme ?? 'auto',
    now,
    here: pathname + search,
    asset: assets.path,
  }
}

/** Whoever is signed in, with the frame of the page that they ask for. */
export const signedIn = ({
  store,
  sessions,
  clock,
}: Pick<PageParts, 'store' | 'sessions' | 'clock'>): Access<{ frame: Frame; session: Session }> => ({
  needs: 'session',
  query: { site: text },
  async admit(c) {
    const session = await sessions.of(c)
    if (!session) throw new Refusal('unauthorized', 'Sign in first; you were signed out.')
    const sites = await store.sites()
    const asked = c.req.query('site')
    const site = asked === undefined ? sites[0] : sites.find(({ id }) => String(id) === asked)
    if (!site) throw new Refusal('not_found', `There is no site ${asked}.`)
    const surface = surfaceOf(c, clock(), (await store.model(site.id)).document.timezone)
    const { account, csrf } = session
    return { session, frame: { ...surface, account, csrf, site, sites, notice: noticeOf(c, surface) } }
  },
})

/** What the last form left to be told; told once. */
function noticeOf(c: Context, { words }: Surface): string | null {
  const name = c.req.method === 'GET' ? getCookie(c, NOTICE) : undefined
  if (name === undefined) return null
  setCookie(c, NOTICE, '', { ...COOKIE, maxAge: 0 })
  const notice = words.sayIf(`notice.${name}`, '')
  return notice === '' ? null : notice
}
