import type { SavedView } from '../../../shared/saved-view.ts'
import type { SavedViewReader, SavedViewWriter } from '../saved-views.ts'
import type { Connection } from './open.ts'

export function savedViewReader(connection: Connection): SavedViewReader {
  const all = connection.prepare('SELECT id, name, query FROM saved_views WHERE site_id = ? ORDER BY name')
  return { savedViews: async site => all.all(site) as SavedView[] }
}

export function savedViewWriter(connection: Connection): SavedViewWriter {
  const save = connection.prepare(
    `INSERT INTO saved_views (site_id, name, query, author, created_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (site_id, name) DO UPDATE SET query = excluded.query, author = excluded.author`,
  )
  const remove = connection.prepare('DELETE FROM saved_views WHERE site_id = ? AND id = ?')
  return {
    saveView: async (site, { name, query }, author, now) => void save.run(site, name, query, author, now),
    removeView: async (site, id) => void remove.run(site, id),
  }
}
