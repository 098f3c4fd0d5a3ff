import { desc, eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import type { Site } from '../../../shared/site.ts'
import type { Store } from '../store.ts'
import { models, sites } from '../schema.ts'
import type { Connection } from './open.ts'

export function siteMethods(connection: Connection): Pick<Store, 'addSite' | 'sites' | 'siteByWriteKey' | 'model'> {
  const db = drizzle(connection)
  // By hand: it runs for every request that arrives.
  const byWriteKey = connection.prepare(
    'SELECT id, name, write_key AS writeKey, origins, created_at AS createdAt FROM sites WHERE write_key = ?',
  )
  return {
    addSite: async (site, document) =>
      db.transaction(tx => {
        const added = tx.insert(sites).values(site).returning().get()
        tx.insert(models).values({ siteId: added.id, version: 1, document, publishedAt: site.createdAt }).run()
        return added
      }),

    sites: async () => db.select().from(sites).orderBy(sites.id).all(),

    siteByWriteKey: async writeKey => {
      const row = byWriteKey.get(writeKey) as (Omit<Site, 'origins'> & { origins: string }) | undefined
      return row ? { ...row, origins: JSON.parse(row.origins) as string[] } : null
    },

    model: async site => {
      const live = db.select().from(models).where(eq(models.siteId, site)).orderBy(desc(models.version)).limit(1).get()
      if (!live) throw new Error(`Site ${site} has no model.`)
      return { version: live.version, document: live.document }
    },
  }
}
