import type { Account } from '../../../shared/account.ts'
import { Refusal } from '../../../shared/refusal.ts'
import type { AccountReader, AccountWriter } from '../accounts.ts'
import type { StoreOptions } from '../store.ts'
import type { Connection } from './open.ts'

const BY_LINK = `SELECT a.id, a.name FROM login_links l JOIN accounts a ON a.id = l.account_id
  WHERE l.hash = ? AND l.expires_at > ?`

export function accountReader(connection: Connection): AccountReader {
  const all = connection.prepare('SELECT id, name FROM accounts WHERE password IS NOT NULL ORDER BY created_at, id')
  const byName = connection.prepare('SELECT id, name, password FROM accounts WHERE name = ?')
  const byLink = connection.prepare(BY_LINK)
  const bySession = connection.prepare(
    `SELECT a.id, a.name FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.hash = ? AND s.expires_at > ?`,
  )
  return {
    accounts: async () => all.all() as Account[],
    accountByName: async name => (byName.get(name) as (Account & { password: string | null }) | undefined) ?? null,
    accountByLink: async (hash, now) => (byLink.get(hash, now) as Account | undefined) ?? null,
    accountBySession: async (hash, now) => (bySession.get(hash, now) as Account | undefined) ?? null,
  }
}

export function accountWriter(connection: Connection, { newId }: Pick<StoreOptions, 'newId'>): AccountWriter {
  const find = connection.prepare('SELECT id, name FROM accounts WHERE name = ?')
  const add = connection.prepare('INSERT INTO accounts (id, name, created_at) VALUES (?, ?, ?)')
  const addLink = connection.prepare('INSERT INTO login_links (hash, account_id, expires_at) VALUES (?, ?, ?)')
  const dropLinks = connection.prepare('DELETE FROM login_links WHERE account_id = ? OR expires_at <= ?')
  const byLink = connection.prepare(BY_LINK)
  const setHash = connection.prepare('UPDATE accounts SET password = ? WHERE id = ?')
  const dropSessions = connection.prepare('DELETE FROM sessions WHERE account_id = ?')
  const dropExpired = connection.prepare('DELETE FROM sessions WHERE expires_at <= ?')
  const begin = connection.prepare(
    'INSERT INTO sessions (hash, account_id, created_at, expires_at) VALUES (?, ?, ?, ?)',
  )
  const end = connection.prepare('DELETE FROM sessions WHERE hash = ?')

  const transaction =
    <Given extends unknown[], Result>(body: (...given: Given) => Result) =>
    async (...given: Given): Promise<Result> =>
      connection.transaction(body).immediate(...given)

  return {
    addLoginLink: transaction((name, hash, expiresAt, now) => {
      const account = (find.get(name) as Account | undefined) ?? { id: newId(), name }
      if (!find.get(name)) add.run(account.id, name, now)
      dropLinks.run(account.id, now)
      addLink.run(hash, account.id, expiresAt)
      return account
    }),
    setPassword: transaction((hash, password, now) => {
      const account = byLink.get(hash, now) as Account | undefined
      if (!account) throw new Refusal('not_found', 'This link has been used, or is too old.')
      setHash.run(password, account.id)
      dropLinks.run(account.id, now)
      dropSessions.run(account.id)
      return account
    }),
    addSession: transaction((account, hash, expiresAt, now) => {
      dropExpired.run(now)
      begin.run(hash, account, now, expiresAt)
    }),
    endSession: async hash => void end.run(hash),
  }
}
