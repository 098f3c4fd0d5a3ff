import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { Refusal } from '../../shared/refusal.ts'
import type { Key, Scope } from '../../shared/site.ts'
import type { Store } from '../store/store.ts'

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
  /** The site that is asked about, by a key with that scope; a refusal otherwise. */
  site(c: Context, scope: Scope): Promise<number>
}

/** `adminKey` is the secret of LEADLIGHT_ADMIN_KEY, which is good for every site. */
export function createAuth(store: Pick<Store, 'keyByHash' | 'sites'>, adminKey: string | null): Auth {
  const adminHash = adminKey === null ? null : hashSecret(adminKey)

  async function secretKey(c: Context): Promise<Key | null> {
    const header = c.req.header('Authorization')
    if (header === undefined) return null
    const secret = /^Bearer +(\S+)$/i.exec(header)?.[1]
    const hash = hashSecret(secret ?? '')
    if (adminHash?.equals(hash)) return { id: 'key_admin', site: null, scope: 'admin' }
    const key = secret?.startsWith('sk_') ? await store.keyByHash(hash) : null
    if (!key)
      throw new Refusal(
        'unauthorized',
        'Unknown secret key. Make one with: leadlight key create --site ID --scope read',
      )
    return key
  }

  return {
    secretKey,
    async site(c, scope) {
      const key = await secretKey(c)
      if (!key) throw new Refusal('unauthorized', 'Send a secret key: Authorization: Bearer sk_…')
      if (!GRANTS[key.scope].includes(scope)) {
        throw new Refusal('forbidden', `This needs a key with scope ${scope}; this one has scope ${key.scope}.`)
      }
      return siteOf(key, c.req.query('site'))
    },
  }

  async function siteOf(key: Key, asked: string | undefined): Promise<number> {
    if (asked === undefined && key.site !== null) return key.site
    const sites = (await store.sites()).map(site => site.id).filter(id => key.site === null || key.site === id)
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
