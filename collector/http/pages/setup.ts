import { Refusal } from '../../../shared/refusal.ts'
import type { Site } from '../../../shared/site.ts'
import { link, type Frame } from '../../dashboard/frame.ts'
import { installStep, PLATFORMS, type Platform } from '../../dashboard/setup/install.ts'
import { siteStep } from '../../dashboard/setup/site.ts'
import { starterStep } from '../../dashboard/setup/starter.ts'
import { stepPath } from '../../dashboard/setup/steps.ts'
import { verifyStep, type Verification } from '../../dashboard/setup/verify.ts'
import { STARTERS } from '../../scoring/starters.ts'
import { oneOf, text } from '../query.ts'
import { pinned } from '../script.ts'
import type { Route } from '../route.ts'
import { digest } from '../session.ts'
import { installation, originOf, SANDBOX, STARTER_NAMES } from '../site.ts'
import { latestEvents } from './latest.ts'
import { form, page } from './page.ts'
import type { PageParts } from './pages.ts'

const MAX_NAME = 100
const MAX_ORIGINS = 100

/** The latest event of a site that counts, of whoever was seen last. */
async function latest(
  parts: Pick<PageParts, 'store' | 'clock'>,
  site: number,
): Promise<Pick<Verification, 'event' | 'lead'>> {
  const found = (await latestEvents(parts, site)).find(({ event }) => event.provenance !== 'weak')
  return found ?? { event: null, lead: null }
}

/** What makes the script on a page tell whoever opens it what becomes of its events. */
const DEBUG = 'leadlight_debug'

/** `/setup`: from a site's name to its first event, and on to the rules to begin with. */
export function setUp(parts: PageParts): Route[] {
  const { store, writer, clock, logbook, publicUrl, demo } = parts

  const urlOf = (c: { req: { url: string } }): string => publicUrl ?? new URL(c.req.url).origin

  const isVerified = async (site: number): Promise<boolean> => (await latest(parts, site)).event !== null

  async function verification({ site, sites }: Frame, url: string): Promise<Verification> {
    const { event, lead } = await latest(parts, site.id)
    const sightings = logbook.of(site, sites)
    const places = [...(demo ? [`${url}/demo`] : []), ...site.origins.filter(origin => origin !== SANDBOX)]
    const shown = [event?.id, sightings.map(({ at, obstacle, count }) => [at, obstacle, count]), places]
    return { event, lead, sightings, places, url, pulse: digest(JSON.stringify(shown)).slice(0, 16) }
  }

  return [
    page(parts, '/setup', async ({ c, frame }) =>
      siteStep(frame, { isVerified: await isVerified(frame.site.id), demo: demo ? `${urlOf(c)}/demo` : null }),
    ),
    form(parts, '/setup/site', { name: text, origins: text }, async ({ frame, given }) => {
      await writer.changeSite(frame.site.id, readSite(given))
      return { to: link(frame, stepPath('install')) }
    }),

    page(parts, '/setup/install', async ({ c, frame }) => {
      const asked = c.req.query('for') ?? ''
      const url = urlOf(c)
      return installStep(frame, {
        isVerified: await isVerified(frame.site.id),
        platform: Object.hasOwn(PLATFORMS, asked) ? (asked as Platform) : 'html',
        url,
        ...installation(frame.site, url),
        pinned: tag(frame.site, url, pinned('leadlight.js')),
      })
    }),

    page(parts, '/setup/verify', async ({ c, frame }) => verifyStep(frame, await verification(frame, urlOf(c)))),
    page(parts, '/setup/pulse', async ({ c, frame }) => {
      const { pulse } = await verification(frame, urlOf(c))
      return new Response(pulse, { headers: { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' } })
    }),
    // Leads to pages of the site alone, so that nobody can be led elsewhere by a link of this collector's.
    page(parts, '/setup/open', async ({ c, frame }) => {
      const { places } = await verification(frame, urlOf(c))
      const place = places.find(known => known === c.req.query('url'))
      if (place === undefined) throw new Refusal('not_found', 'This is no page of the site.')
      logbook.opened(frame.site.id)
      c.header('Cache-Control', 'no-store')
      return c.redirect(`${place}${place.endsWith('/demo') ? '' : '/'}?${DEBUG}`)
    }),
    form(parts, '/setup/allow', { origin: text }, async ({ frame: { site, ...frame }, given: { origin = '' } }) => {
      const { origins } = readSite({ name: site.name, origins: [...site.origins, origin].join('\n') })
      await writer.changeSite(site.id, { origins })
      return { to: link({ ...frame, site }, stepPath('verify')), notice: 'allowed' }
    }),

    page(parts, '/setup/model', async ({ frame }) => {
      const { document } = await store.model(frame.site.id)
      const chosen = STARTER_NAMES.find(name => JSON.stringify(STARTERS[name]) === JSON.stringify(document)) ?? null
      return starterStep(frame, { isVerified: await isVerified(frame.site.id), starters: STARTER_NAMES, chosen })
    }),
    form(parts, '/setup/model', { starter: oneOf(STARTER_NAMES) }, async ({ frame, given: { starter } }) => {
      if (starter === undefined) throw new Refusal('unprocessable', 'Choose the rules to begin with.')
      const { site, account } = frame
      const { document } = await store.model(site.id)
      if (JSON.stringify(document) !== JSON.stringify(STARTERS[starter])) {
        const version = await writer.draft(site.id, STARTERS[starter], account.id, clock())
        await writer.publish(site.id, version, account.id, clock())
      }
      return { to: link(frame, '/home'), notice: 'saved' }
    }),
  ]
}

const tag = ({ writeKey }: Site, url: string, { path, integrity }: ReturnType<typeof pinned>): string =>
  `<script async src="${url}${path}" integrity="${integrity}" crossorigin="anonymous" data-site="${writeKey}"></script>`

/** A site as people write it: addresses of pages are as good as origins, with or without a scheme. */
export function readSite({ name = '', origins = '' }: { name?: string; origins?: string }): {
  name: string
  origins: string[]
} {
  const named = name.trim()
  const wrong: { pointer: string; detail: string }[] = []
  if (named === '' || named.length > MAX_NAME)
    wrong.push({ pointer: '/name', detail: `must have 1 to ${MAX_NAME} characters` })
  const read: string[] = []
  for (const written of origins.split(/[\s,]+/).filter(part => part !== '')) {
    const url = URL.parse(/^[a-z]+:\/\//i.test(written) ? written : `https://${written}`)
    const origin = written === SANDBOX ? SANDBOX : url && url.hostname !== '' ? originOf(url.origin) : null
    if (origin === null)
      wrong.push({
        pointer: '/origins',
        detail: `${written.slice(0, 100)} is no address of a page, like https://shop.example`,
      })
    else if (!read.includes(origin)) read.push(origin)
  }
  if (read.length > MAX_ORIGINS) wrong.push({ pointer: '/origins', detail: `must be at most ${MAX_ORIGINS}` })
  if (wrong.length > 0) throw new Refusal('unprocessable', 'The site cannot be kept like this.', wrong)
  return { name: named, origins: read }
}
