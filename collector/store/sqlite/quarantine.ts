import { createHash } from 'node:crypto'
import type { Instant } from '../../../shared/instant.ts'
import type { Quarantined, QuarantinedItem, Sending } from '../../../shared/quarantine.ts'
import type { QuarantineReader } from '../quarantine.ts'
import type { Arrival } from '../store.ts'
import type { Connection } from './open.ts'

/** Every method runs inside the caller's transaction. */
export function quarantineBook(connection: Connection) {
  const add = connection.prepare(
    `INSERT INTO quarantine (site_id, digest, received_at, visitor, provenance, reason, raw, key_id, sending)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  )
  const take = connection.prepare('DELETE FROM quarantine WHERE site_id = ? AND id = ?')
  const keep = connection.prepare('UPDATE quarantine SET reason = ? WHERE site_id = ? AND id = ?')
  const ofVisitor = connection.prepare('DELETE FROM quarantine WHERE site_id = ? AND visitor = ?')
  // Texts may be written with escapes.
  const mentioning = connection.prepare(
    `DELETE FROM quarantine WHERE site_id = @site AND (
       instr(lower(raw), lower(@text)) > 0 OR instr(lower(sending), lower(@text)) > 0
       OR instr(raw, '\\') > 0 AND json_valid(raw)
         AND EXISTS (SELECT 1 FROM json_tree(raw) WHERE instr(lower(atom), lower(@text)) > 0))`,
  )
  const old = connection.prepare('SELECT count(*) FROM quarantine WHERE site_id = ? AND received_at < ?').pluck()
  const dropOld = connection.prepare('DELETE FROM quarantine WHERE site_id = ? AND received_at < ?')

  return {
    /** False when the same came before. */
    add({ site, visitor, receivedAt, key }: Arrival, { raw, reason, provenance, sending }: Quarantined): boolean {
      const digest = createHash('sha256').update(visitor).update('\0').update(raw).digest()
      const known = JSON.stringify(sending)
      return add.run(site, digest, receivedAt, visitor, provenance, reason, raw, key ?? null, known).changes === 1
    },
    /** Takes one out; false when it is not there. */
    take: (site: number, id: number): boolean => take.run(site, id).changes === 1,
    /** Leaves one there, with another reason; false when it is not there. */
    keep: (site: number, id: number, reason: string): boolean => keep.run(reason, site, id).changes === 1,
    /** Whatever a browser sent. */
    removeOf: (site: number, visitor: string): void => void ofVisitor.run(site, visitor),
    /** Whatever names somebody. */
    removeMentioning: (site: number, text: string): void => void mentioning.run({ site, text }),
    /** How many were received before then. */
    old: (site: number, before: Instant): number => old.get(site, before) as number,
    removeOld: (site: number, before: Instant): void => void dropOld.run(site, before),
  }
}

export type QuarantineBook = ReturnType<typeof quarantineBook>

const COLUMNS = 'id, received_at AS receivedAt, visitor, provenance, reason, raw, key_id AS key, sending'

export function quarantineReader(connection: Connection): QuarantineReader {
  const page = connection.prepare(
    `SELECT ${COLUMNS} FROM quarantine WHERE site_id = @site AND (received_at, id) < (@receivedAt, @id)
     ORDER BY received_at DESC, id DESC LIMIT @limit`,
  )
  const ofVisitors = connection.prepare(
    `SELECT ${COLUMNS} FROM quarantine
     WHERE site_id = ? AND visitor IN (SELECT value FROM json_each(?)) ORDER BY received_at, id`,
  )
  const reasons = connection.prepare(
    `SELECT reason, count(*) AS count FROM quarantine WHERE site_id = ? GROUP BY reason ORDER BY count DESC, reason`,
  )
  const toItem = (row: Row): QuarantinedItem => ({ ...row, sending: JSON.parse(row.sending) as Sending })
  return {
    async quarantined(site, { limit, after = FIRST }) {
      const rows = page.all({ site, limit: limit + 1, ...after }) as Row[]
      return { items: rows.slice(0, limit).map(toItem), more: rows.length > limit }
    },
    quarantinedOf: async (site, visitors) => (ofVisitors.all(site, JSON.stringify(visitors)) as Row[]).map(toItem),
    quarantineReasons: async site => reasons.all(site) as { reason: string; count: number }[],
  }
}

type Row = Omit<QuarantinedItem, 'sending'> & { sending: string }

const FIRST = { receivedAt: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER }
