import { Refusal } from '../../../shared/refusal.ts'
import type { Site } from '../../../shared/site.ts'
import { drizzle, eq, getTableColumns } from '../drizzle.ts'
import { models, sites } from '../schema.ts'
import type { SiteReader, SiteWriter } from '../sites.ts'
import type { Connection } from './open.ts'

const { model: _, ...COLUMNS } = getTableColumns(sites)

export function siteReader(connection: Connection): Pick<SiteReader, 'sites' | 'siteByWriteKey'> {
  const db = drizzle(connection)
  // By hand: it runs for every request that arrives.
  const byWriteKey = connection.prepare(
    `SELECT id, name, write_key AS writeKey, origins, created_at AS createdAt, follow_up_hours AS followUpHours,
       retention_days AS retentionDays, retention_confirm AS retentionConfirm
     FROM sites WHERE write_key = ?`,
  )
  return {
    sites: async () => db.select(COLUMNS).from(sites).orderBy(sites.id).all(),

    siteByWriteKey: async writeKey => {
      const row = byWriteKey.get(writeKey) as (Omit<Site, 'origins'> & { origins: string }) | undefined
      return row ? { ...row, origins: JSON.parse(row.origins) as string[] } : null
    },
  }
}

export function siteWriter(connection: Connection): Pick<SiteWriter, 'addSite' | 'changeSite'> {
  const db = drizzle(connection)
  return {
    addSite: async (site, document) =>
      db.transaction(tx => {
        const added = tx.insert(sites).values(site).returning(COLUMNS).get()
        const { createdAt } = site
        tx.insert(models).values({ siteId: added.id, version: 1, document, createdAt, publishedAt: createdAt }).run()
        return added
      }),

    async changeSite(id, change) {
      const [changed] =
        Object.keys(change).length === 0
          ? db.select(COLUMNS).from(sites).where(eq(sites.id, id)).all()
          : db.update(sites).set(change).where(eq(sites.id, id)).returning(COLUMNS).all()
      if (changed) return changed
      throw new Refusal('not_found', `There is no site ${id}.`)
    },
  }
}
