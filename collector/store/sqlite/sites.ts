import { getTableColumns } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import type { Site } from '../../../shared/site.ts'
import type { Store } from '../store.ts'
import { models, sites } from '../schema.ts'
import type { Connection } from './open.ts'

export function siteMethods(connection: Connection): Pick<Store, 'addSite' | 'sites' | 'siteByWriteKey'> {
  const db = drizzle(connection)
  const { model: _, ...columns } = getTableColumns(sites)
  // By hand: it runs for every request that arrives.
  const byWriteKey = connection.prepare(
    'SELECT id, name, write_key AS writeKey, origins, created_at AS createdAt FROM sites WHERE write_key = ?',
  )
  return {
    addSite: async (site, document) =>
      db.transaction(tx => {
        const added = tx.insert(sites).values(site).returning(columns).get()
        const { createdAt } = site
        tx.insert(models).values({ siteId: added.id, version: 1, document, createdAt, publishedAt: createdAt }).run()
        return added
      }),

    sites: async () => db.select(columns).from(sites).orderBy(sites.id).all(),

    siteByWriteKey: async writeKey => {
      const row = byWriteKey.get(writeKey) as (Omit<Site, 'origins'> & { origins: string }) | undefined
      return row ? { ...row, origins: JSON.parse(row.origins) as string[] } : null
    },
  }
}
