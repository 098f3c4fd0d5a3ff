import { desc, eq, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import type { Store } from '../store.ts'
import { models, sites } from '../schema.ts'
import type { Connection } from './open.ts'

export function siteMethods(connection: Connection): Pick<Store, 'addSite' | 'sites' | 'siteByWriteKey' | 'model'> {
  const db = drizzle(connection)
  // Prepared once: it runs for every request that arrives, and building a query costs several times as much as running it.
  const byWriteKey = db
    .select()
    .from(sites)
    .where(eq(sites.writeKey, sql.placeholder('writeKey')))
    .prepare()
  return {
    addSite: async (site, document) =>
      db.transaction(tx => {
        const added = tx.insert(sites).values(site).returning().get()
        tx.insert(models).values({ siteId: added.id, version: 1, document, publishedAt: site.createdAt }).run()
        return added
      }),

    sites: async () => db.select().from(sites).orderBy(sites.id).all(),

    siteByWriteKey: async writeKey => byWriteKey.get({ writeKey }) ?? null,

    model: async site => {
      const live = db.select().from(models).where(eq(models.siteId, site)).orderBy(desc(models.version)).limit(1).get()
      if (!live) throw new Error(`Site ${site} has no model.`)
      return { version: live.version, document: live.document }
    },
  }
}
