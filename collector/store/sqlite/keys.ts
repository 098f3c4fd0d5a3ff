import { Refusal } from '../../../shared/refusal.ts'
import type { KeyRecord } from '../../../shared/site.ts'
import { drizzle } from '../drizzle.ts'
import { keys } from '../schema.ts'
import type { SiteReader, SiteWriter } from '../sites.ts'
import type { Connection } from './open.ts'

const COLUMNS = `id, site_id AS site, scope, name, created_at AS createdAt, created_by AS createdBy,
  expires_at AS expiresAt, revoked_at AS revokedAt, last_used_at AS lastUsedAt`

export function keyReader(connection: Connection): Pick<SiteReader, 'keyByHash' | 'keys'> {
  const byHash = connection.prepare(`SELECT ${COLUMNS} FROM keys WHERE hash = ?`)
  const all = connection.prepare(
    `SELECT ${COLUMNS} FROM keys WHERE @site IS NULL OR site_id = @site ORDER BY created_at DESC, id`,
  )
  return {
    keyByHash: async hash => (byHash.get(hash) as KeyRecord | undefined) ?? null,
    keys: async site => all.all({ site }) as KeyRecord[],
  }
}

type KeyWriter = Pick<SiteWriter, 'addKey' | 'replaceKey' | 'revokeKey' | 'useKey'>

export function keyWriter(connection: Connection): KeyWriter {
  const db = drizzle(connection)
  const find = connection.prepare(`SELECT ${COLUMNS} FROM keys WHERE id = ?`)
  const expire = connection.prepare(
    'UPDATE keys SET expires_at = min(ifnull(expires_at, @until), @until) WHERE id = @id',
  )
  const revoke = connection.prepare('UPDATE keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL')
  const use = connection.prepare('UPDATE keys SET last_used_at = ? WHERE id = ?')

  const keyOf = (id: string): KeyRecord => {
    const key = find.get(id) as KeyRecord | undefined
    if (key) return key
    throw new Refusal('not_found', `There is no key ${id}.`)
  }

  return {
    async addKey({ site, ...key }) {
      db.insert(keys)
        .values({ ...key, siteId: site })
        .run()
      return keyOf(key.id)
    },

    replaceKey: async (id, { hash, ...made }, until) =>
      connection.transaction(() => {
        const old = keyOf(id)
        if (old.revokedAt !== null || (old.expiresAt !== null && old.expiresAt <= made.createdAt))
          throw new Refusal('conflict', `The key ${id} is good no more: make a new one.`)
        const { site: siteId, scope, name, expiresAt } = old
        db.insert(keys)
          .values({ ...made, hash, siteId, scope, name, expiresAt })
          .run()
        expire.run({ id, until })
        return keyOf(made.id)
      })(),

    async revokeKey(id, at) {
      keyOf(id)
      revoke.run(at, id)
    },

    useKey: async (id, at) => void use.run(at, id),
  }
}
