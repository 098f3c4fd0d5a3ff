import { randomBytes } from 'node:crypto'
import type { Instant } from '../shared/instant.ts'
import { Refusal } from '../shared/refusal.ts'
import type { Key, Scope, Site } from '../shared/site.ts'
import { hashSecret } from './http/auth.ts'
import { STARTERS } from './scoring/starters.ts'
import type { Store } from './store/store.ts'

export type Starter = keyof typeof STARTERS

const token = (bytes: number): string => randomBytes(bytes).toString('base64url').replaceAll(/[-_]/g, 'x')

/** `https://Shop.example/` → `https://shop.example`; a refusal for anything that is no origin of a web page. */
export function readOrigin(text: string): string {
  const url = URL.parse(text)
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '' && url.hash === '')
    return url.origin
  throw new Refusal(
    'invalid',
    `An origin is scheme, host and port, like https://shop.example; got ${JSON.stringify(text)}.`,
    [{ pointer: '/origin', detail: 'must be scheme, host and port' }],
  )
}

export async function addSite(
  store: Store,
  { name, origins, starter }: { name: string; origins: string[]; starter: Starter },
  now: Instant,
): Promise<Site> {
  const site = { name, origins: origins.map(readOrigin), writeKey: `wk_${token(15)}`, createdAt: now }
  return store.addSite(site, STARTERS[starter])
}

/** The secret is in the answer and nowhere else: only its hash is kept. */
export async function addKey(
  store: Store,
  site: number | null,
  scope: Scope,
  now: Instant,
): Promise<Key & { secret: string }> {
  const secret = `sk_${token(24)}`
  const key = await store.addKey({ id: `key_${token(9)}`, site, scope, hash: hashSecret(secret), createdAt: now })
  return { ...key, secret }
}

/** What a page of the site needs: the tag, and what a content security policy must allow. */
export function installation(site: Site, publicUrl: string): { snippet: string; csp: string } {
  return {
    snippet: `<script async src="${publicUrl}/leadlight.js" data-site="${site.writeKey}"></script>`,
    csp: `script-src ${new URL(publicUrl).origin}; connect-src ${new URL(publicUrl).origin}`,
  }
}
