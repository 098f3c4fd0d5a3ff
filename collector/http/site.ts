import { randomBytes } from 'node:crypto'
import type { Duration, Instant } from '../../shared/instant.ts'
import { Refusal } from '../../shared/refusal.ts'
import type { KeyRecord, Scope, Site } from '../../shared/site.ts'
import { STARTERS } from '../scoring/starters.ts'
import type { SiteWriter } from '../store/sites.ts'
import { hashSecret } from './auth.ts'
import { pinned } from './script.ts'

export type Starter = keyof typeof STARTERS
export const STARTER_NAMES = Object.keys(STARTERS) as Starter[]

const token = (bytes: number): string => randomBytes(bytes).toString('base64url').replaceAll(/[-_]/g, 'x')

/** What browsers say is the origin of a sandboxed frame, such as those of Shopify's pixels: a site may allow it. */
export const SANDBOX = 'null'

/** `https://Shop.example/` → `https://shop.example`; a refusal for anything that is no origin of a web page. */
export function readOrigin(text: string): string {
  const origin = originOf(text)
  if (origin !== null) return origin
  throw new Refusal(
    'invalid',
    `An origin is scheme, host and port, like https://shop.example; got ${JSON.stringify(text)}.`,
    [{ pointer: '/origin', detail: 'must be scheme, host and port' }],
  )
}

export function originOf(text: string): string | null {
  if (text === SANDBOX) return text
  const url = URL.parse(text)
  const isOrigin = url && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '' && url.hash === ''
  return isOrigin ? url.origin : null
}

export async function addSite(
  store: Pick<SiteWriter, 'addSite'>,
  { name, origins, starter }: { name: string; origins: string[]; starter: Starter },
  now: Instant,
): Promise<Site> {
  const site = { name, origins: origins.map(readOrigin), writeKey: `wk_${token(15)}`, createdAt: now }
  return store.addSite(site, STARTERS[starter])
}

/** A key as it is made: the only time that its secret can be seen, of which only the hash is kept. */
export type FreshKey = KeyRecord & { secret: string }

/** What a key is for besides its scope. */
export interface KeyDetails {
  name?: string | null
  expiresAt?: Instant | null
  /** Id of the key that it is made with. */
  createdBy?: string | null
}

export async function addKey(
  store: Pick<SiteWriter, 'addKey'>,
  site: number | null,
  scope: Scope,
  now: Instant,
  { name = null, expiresAt = null, createdBy = null }: KeyDetails = {},
): Promise<FreshKey> {
  const { secret, ...made } = mint()
  return { ...(await store.addKey({ ...made, site, scope, name, expiresAt, createdBy, createdAt: now })), secret }
}

/** A new secret for the same powers; the old one is good for `overlap` more. */
export async function rotateKey(
  store: Pick<SiteWriter, 'replaceKey'>,
  id: string,
  overlap: Duration,
  now: Instant,
  createdBy: string | null = null,
): Promise<FreshKey> {
  const { secret, ...made } = mint()
  return { ...(await store.replaceKey(id, { ...made, createdAt: now, createdBy }, now + overlap)), secret }
}

function mint() {
  const secret = `sk_${token(24)}`
  return { id: `key_${token(9)}`, secret, hash: hashSecret(secret) }
}

/** What a page of the site needs: the tag, and what a content security policy must allow. */
export function installation(site: Site, publicUrl: string): { snippet: string; csp: string } {
  return {
    snippet: `<script async src="${publicUrl}/leadlight.js" data-site="${site.writeKey}"></script>`,
    csp: `script-src ${new URL(publicUrl).origin}; connect-src ${new URL(publicUrl).origin}`,
  }
}

/** The tag for a page that accepts this very version of the script alone: an update of the collector needs another. */
export function pinnedTag(site: Site, publicUrl: string): string {
  const { path, integrity } = pinned('leadlight.js')
  return `<script async src="${publicUrl}${path}" integrity="${integrity}" crossorigin data-site="${site.writeKey}"></script>`
}
