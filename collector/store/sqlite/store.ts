import type { Store, StoreOptions } from '../store.ts'
import { accountReader } from './accounts.ts'
import { gapMethods } from './gaps.ts'
import { healthMethods } from './health.ts'
import { erasureReader } from './erasures.ts'
import { exportMethods } from './exports.ts'
import { keyReader } from './keys.ts'
import { leadMethods } from './leads.ts'
import { migrateIfNeeded } from './migrate.ts'
import { modelMethods } from './models.ts'
import { connect, rememberMore } from './open.ts'
import { recorderOn } from './recorder.ts'
import { outboxReader } from './outbox.ts'
import { quarantineReader } from './quarantine.ts'
import { reportMethods } from './reports.ts'
import { savedViewReader } from './saved-views.ts'
import { siteReader } from './sites.ts'

/** Opens or creates a database file and brings it to the present schema. */
export function openSqlite(path: string, options: StoreOptions): Store {
  const connection = connect(path)
  try {
    migrateIfNeeded(connection, path, options.lock)
    rememberMore(connection)
    return {
      ...recorderOn(connection, path, options),
      ...siteReader(connection),
      ...modelMethods(connection),
      ...keyReader(connection),
      ...accountReader(connection),
      ...savedViewReader(connection),
      ...healthMethods(connection),
      ...leadMethods(connection),
      ...outboxReader(connection),
      ...reportMethods(connection),
      ...exportMethods(connection, path),
      ...erasureReader(connection),
      ...quarantineReader(connection),
      ...gapMethods(connection),
      ping: async () => void connection.prepare('SELECT 1').get(),
    }
  } catch (error) {
    connection.close()
    throw error
  }
}
