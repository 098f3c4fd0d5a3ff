import { LRUCache } from 'lru-cache'
import type { Model } from '../../../shared/model.ts'
import { Refusal } from '../../../shared/refusal.ts'
import type { Models, ModelVersion, VersionedModel } from '../models.ts'
import type { Connection } from './open.ts'

type VersionRow = Omit<ModelVersion, 'live'> & { live: number }

/** A document is parsed once, and stays the same object, so that scoring can compile it once. */
export function modelReader(connection: Connection) {
  const live = connection.prepare(
    'SELECT s.model, m.tells FROM sites s JOIN models m ON m.site_id = s.id AND m.version = s.model WHERE s.id = ?',
  )
  const document = connection.prepare('SELECT document FROM models WHERE site_id = ? AND version = ?').pluck()
  const parsed = new LRUCache<string, VersionedModel>({ max: 200 })
  const current = new Map<number, VersionedModel>()

  const of = (site: number, version: number): VersionedModel | null => {
    const key = `${site}/${version}`
    const known = parsed.get(key)
    if (known) return known
    const text = document.get(site, version) as string | undefined
    if (text === undefined) return null
    const model = { version, document: JSON.parse(text) as Model }
    parsed.set(key, model)
    return model
  }

  return {
    of,
    /** The live one; remembered until `forget`. */
    live(site: number): VersionedModel {
      const known = current.get(site)
      if (known) return known
      const found = live.get(site) as { model: number; tells: number } | undefined
      const kept = found && of(site, found.model)
      if (!kept) throw new Error(`Site ${site} has no model.`)
      const model = { ...kept, tells: found.tells === 1 }
      current.set(site, model)
      return model
    },
    forget: () => current.clear(),
  }
}

export type ModelReader = ReturnType<typeof modelReader>

export function modelMethods(connection: Connection): Pick<Models, 'model' | 'modelVersion' | 'models'> {
  const models = modelReader(connection)
  const columns = `SELECT m.version, json_extract(m.document, '$.name') AS name, m.created_at AS createdAt, m.author,
    m.published_at AS publishedAt, m.copy_of AS copyOf, m.version = s.model AS live
    FROM models m JOIN sites s ON s.id = m.site_id WHERE m.site_id = ?`
  const all = connection.prepare(`${columns} ORDER BY m.version DESC`)
  const one = connection.prepare(`${columns} AND m.version = ?`)
  const toVersion = (row: unknown): ModelVersion => ({ ...(row as VersionRow), live: (row as VersionRow).live === 1 })

  return {
    model: async site => {
      models.forget()
      return models.live(site)
    },
    models: async site => all.all(site).map(toVersion),
    modelVersion: async (site, version) => {
      const row = one.get(site, version)
      const model = models.of(site, version)
      return row && model ? { ...toVersion(row), document: model.document } : null
    },
  }
}

/** Drafts and publications; inside the caller's transaction. */
export function modelWriter(connection: Connection) {
  const add = connection.prepare(
    `INSERT INTO models (site_id, version, document, created_at, author, published_at, copy_of)
     SELECT @site, 1 + ifnull(max(version), 0), @document, @now, @author, @publishedAt, @copyOf
     FROM models WHERE site_id = @site RETURNING version`,
  )
  const find = connection.prepare(
    `SELECT m.document, m.published_at AS publishedAt, m.version = s.model AS live
     FROM models m JOIN sites s ON s.id = m.site_id WHERE m.site_id = ? AND m.version = ?`,
  )
  const date = connection.prepare('UPDATE models SET published_at = ?, tells = ? WHERE site_id = ? AND version = ?')
  const goLive = connection.prepare('UPDATE sites SET model = ? WHERE id = ?')
  const insert = add.pluck()

  return {
    draft: (site: number, document: Model, author: string, now: number): number =>
      insert.get({ site, document: JSON.stringify(document), now, author, publishedAt: null, copyOf: null }) as number,

    publish(site: number, version: number, author: string, now: number, tells = false): number {
      const found = find.get(site, version) as
        { document: string; publishedAt: number | null; live: number } | undefined
      if (!found) throw new Refusal('not_found', `There is no version ${version} of the model.`)
      if (found.live === 1) throw new Refusal('conflict', `Version ${version} is live already.`)
      const { document, publishedAt } = found
      const published =
        publishedAt === null
          ? version
          : (insert.get({ site, document, now, author, publishedAt: now, copyOf: version }) as number)
      date.run(now, tells ? 1 : 0, site, published)
      goLive.run(published, site)
      return published
    },
  }
}
