import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import type { Key } from '../../../shared/site.ts'
import { keys } from '../schema.ts'
import type { Store } from '../store.ts'
import type { Connection } from './open.ts'

export function keyMethods(connection: Connection): Pick<Store, 'addKey' | 'keyByHash'> {
  const db = drizzle(connection)
  const columns = { id: keys.id, site: keys.siteId, scope: keys.scope }
  return {
    addKey: async ({ id, site, scope, hash, createdAt }): Promise<Key> =>
      db.insert(keys).values({ id, siteId: site, scope, hash, createdAt }).returning(columns).get(),

    keyByHash: async hash => db.select(columns).from(keys).where(eq(keys.hash, hash)).get() ?? null,
  }
}
