import type { Context } from 'hono'
import { Refusal } from '../../shared/refusal.ts'
import type { Key, Scope } from '../../shared/site.ts'
import type { Auth } from './auth.ts'
import { text } from './query.ts'
import type { Fields } from './fields.ts'

/** Who may ask. Every route has one; what it says of who asks is handed to the route. */
export interface Access<Who extends object> {
  /** What it takes: nothing, the public key in a site's pages, a secret key with that scope, or a person who is signed in. */
  needs: 'nothing' | 'write key' | Scope | 'session'
  /** Parameters of the query string that say what is asked about. */
  query: Fields
  /** Throws a refusal for anybody else. */
  admit: (c: Context, auth: Auth) => Promise<Who>
}

/** Anybody: only what is public. */
export const anyone: Access<object> = { needs: 'nothing', query: {}, admit: async () => ({}) }

/** Whoever sends events: a batch names its write key in its body, so ingest itself looks at that. */
export const senders: Access<object> = { needs: 'write key', query: {}, admit: async () => ({}) }

/** A key with that scope, about one site: the key's own, or the one that `?site=` names. */
export const siteKey = (scope: Scope): Access<{ site: number; key: Key }> => ({
  needs: scope,
  query: { site: text },
  admit: (c, auth) => auth.site(c, scope),
})

/** A key with that scope, about whatever it is good for. */
export const anyKey = (scope: Scope): Access<{ key: Key }> => ({
  needs: scope,
  query: {},
  admit: async (c, auth) => ({ key: await auth.key(c, scope) }),
})

/** A key with that scope for every site. */
export const everySiteKey = (scope: Scope): Access<{ key: Key }> => ({
  needs: scope,
  query: {},
  async admit(c, auth) {
    const key = await auth.key(c, scope)
    if (key.site === null) return { key }
    throw new Refusal('forbidden', `This needs a key for every site; this one is for site ${key.site} alone.`)
  },
})
