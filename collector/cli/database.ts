import { randomBytes } from 'node:crypto'
import { uuidv7 } from '../../shared/uuid.ts'
import type { Config } from '../config.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'

/** Opens the configured database for one command, and closes it whatever happens. */
export async function withStore<Result>(config: Config, use: (store: Store) => Promise<Result>): Promise<Result> {
  const store = await openStore(config.databaseUrl, { newId: () => uuidv7(Date.now(), randomBytes(10)) })
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}
