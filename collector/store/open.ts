import { fileURLToPath } from 'node:url'
import { Refusal } from '../../shared/refusal.ts'
import { openSqlite } from './sqlite/open.ts'
import type { Store, StoreOptions } from './store.ts'

/** Opens the store that the URL names, creating and migrating it as needed. `file:./data/leadlight.db` or an absolute `file:///…`. */
export async function openStore(url: string, options: StoreOptions): Promise<Store> {
  if (!url.startsWith('file:')) {
    throw new Refusal(
      'invalid',
      `LEADLIGHT_DATABASE_URL must begin with file: (file:./data/leadlight.db), got ${JSON.stringify(url)}`,
    )
  }
  return openSqlite(url.startsWith('file://') ? fileURLToPath(url) : url.slice('file:'.length), options)
}
