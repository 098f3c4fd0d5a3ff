import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { Refusal } from '../../shared/refusal.ts'
import type { Key, Scope } from '../../shared/site.ts'
import type { Store } from '../store/store.ts'
import type { Sessions } from './session.ts'

export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest()

/** Scopes that include another one. */
const GRANTS: Record<Scope, readonly Scope[]> = {
  read: ['read'],
  ingest: ['ingest'],
  admin: ['read', 'ingest', 'admin'],
}

/** Who is asking. */
export interface Auth {
  /** The secret key of `Authorization: Bearer sk_…`, `null` when none is sent; a refusal when it is wrong. */
  secretKey(c: Context): Promise<Key | null>
  /** The key with that secret; a refusal when there is none. */
  keyBySecret(secret: string): Promise<Key>
  /** The secret key, of that scope; a refusal otherwise. */
  key(c: Context, scope: Scope): Promise<Key>
  /** The site that is asked about, and the key, of that scope, that asks; a refusal otherwise. */
  site(c: Context, scope: Scope): Promise<{ site: number; key: Key }>
}

/** `adminKey` is the secret of LEADLIGHT_ADMIN_KEY, which is good for every site. Whoever is signed in to the dashboard may read, too. */
export function createAuth(
  store: Pick<Store, 'keyByHash' | 'sites'>,
  adminKey: string | null,
  sessions: Pick<Sessions, 'of'>,
): Auth {
  const adminHash = adminKey === null ? null : hashSecret(adminKey)

  async function secretKey(c: Context): Promise<Key | null> {
    const header = c.req.header('Authorization')
    if (header === undefined) return null
    return keyBySecret(/^Bearer +(\S+)$/i.exec(header)?.[1] ?? '')
  }

  async function keyBySecret(secret: string): Promise<Key> {
    const hash = hashSecret(secret)
    if (adminHash?.equals(hash)) return { id: 'key_admin', site: null, scope: 'admin' }
    const found = secret.startsWith('sk_') ? await store.keyByHash(hash) : null
    if (!found)
      throw new Refusal(
        'unauthorized',
        'Unknown secret key. Make one with: leadlight key create --site ID --scope read',
      )
    return found
  }

  async function key(c: Context, scope: Scope): Promise<Key> {
    const held = (await secretKey(c)) ?? (await reader(c))
    if (!held) throw new Refusal('unauthorized', 'Send a secret key: Authorization: Bearer sk_…')
    if (GRANTS[held.scope].includes(scope)) return held
    throw new Refusal('forbidden', `This needs a key with scope ${scope}; this one has scope ${held.scope}.`)
  }

  /** A browser that is signed in asks with its cookie: it may read, and change nothing. */
  async function reader(c: Context): Promise<Key | null> {
    const session = c.req.method === 'GET' ? await sessions.of(c) : null
    return session && { id: session.account.id, site: null, scope: 'read' }
  }

  return {
    secretKey,
    keyBySecret,
    key,
    async site(c, scope) {
      const held = await key(c, scope)
      return { site: await siteOf(held, c.req.query('site')), key: held }
    },
  }

  async function siteOf(held: Key, asked: string | undefined): Promise<number> {
    if (asked === undefined && held.site !== null) return held.site
    const sites = (await store.sites()).map(site => site.id).filter(id => held.site === null || held.site === id)
    const [only] = sites
    if (asked === undefined && sites.length === 1 && only !== undefined) return only
    const site = sites.find(id => String(id) === asked)
    if (site !== undefined) return site
    const known = `one of ${sites.join(', ')}`
    if (asked === undefined)
      throw new Refusal('invalid', `Say which site: ?site= ${known}.`, [{ pointer: '/site', detail: 'is missing' }])
    throw new Refusal('not_found', `There is no site ${asked} for this key.`, [
      { pointer: '/site', detail: `must be ${known}` },
    ])
  }
}
