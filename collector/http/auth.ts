import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { Refusal } from '../../shared/refusal.ts'
import { MINUTE, type Instant } from '../../shared/instant.ts'
import type { Key, KeyRecord, Scope } from '../../shared/site.ts'
import { utc } from '../../shared/utc.ts'
import type { SiteReader, SiteWriter } from '../store/sites.ts'
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

export interface AuthParts {
  store: Pick<SiteReader, 'keyByHash' | 'sites'>
  writer: Pick<SiteWriter, 'useKey'>
  /** The secret of LEADLIGHT_ADMIN_KEY, which is good for every site. */
  adminKey: string | null
  clock: () => Instant
  log: (error: unknown) => void
}

/** Whoever is signed in to the dashboard may read, too. */
export function createAuth({ store, writer, adminKey, clock, log }: AuthParts, sessions: Pick<Sessions, 'of'>): Auth {
  const adminHash = adminKey === null ? null : hashSecret(adminKey)
  const noteUse = usesOf(writer, log)

  async function secretKey(c: Context): Promise<Key | null> {
    const header = c.req.header('Authorization')
    if (header === undefined) return null
    return keyBySecret(/^Bearer +(\S+)$/i.exec(header)?.[1] ?? '')
  }

  async function keyBySecret(secret: string): Promise<Key> {
    const hash = hashSecret(secret)
    if (adminHash?.equals(hash)) return ADMIN
    const found = secret.startsWith('sk_') ? await store.keyByHash(hash) : null
    const now = clock()
    const problem = found ? whyNot(found, now) : 'Unknown secret key.'
    if (!found || problem !== null)
      throw new Refusal('unauthorized', `${problem} Make one with: leadlight key create --site ID --scope read`)
    noteUse(found, now)
    return found
  }

  async function key(c: Context, scope: Scope): Promise<Key> {
    const held = (await secretKey(c)) ?? (await reader(c))
    if (!held) throw new Refusal('unauthorized', 'Send a secret key: Authorization: Bearer sk_…')
    if (GRANTS[held.scope].includes(scope)) return held
    throw new Refusal('forbidden', `This needs a key with scope ${scope}; this one has scope ${held.scope}.`)
  }

  /** A browser that is signed in asks with its cookie: it may see everything, and change nothing. */
  async function reader(c: Context): Promise<Key | null> {
    const session = c.req.method === 'GET' ? await sessions.of(c) : null
    return session && { id: session.account.id, site: null, scope: 'admin' }
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

/** Of the settings, not of the database. */
const ADMIN: Key = { id: 'key_admin', site: null, scope: 'admin' }

/** Why a key is good for nothing; `null` while it is good. */
function whyNot({ revokedAt, expiresAt }: KeyRecord, now: Instant): string | null {
  if (revokedAt !== null) return `This secret key was revoked at ${utc(revokedAt)}.`
  if (expiresAt !== null && expiresAt <= now) return `This secret key expired at ${utc(expiresAt)}.`
  return null
}

/** Writes down when a key was used, once a minute at most and without making anybody wait. */
function usesOf({ useKey }: Pick<SiteWriter, 'useKey'>, log: (error: unknown) => void) {
  const written = new Map<string, Instant>()
  return ({ id, lastUsedAt }: KeyRecord, now: Instant): void => {
    const last = written.get(id) ?? lastUsedAt
    if (last !== null && now - last < MINUTE && now >= last) return
    written.set(id, now)
    useKey(id, now).catch(log)
  }
}
