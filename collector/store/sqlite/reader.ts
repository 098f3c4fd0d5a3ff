import type { Reader } from '../store.ts'
import { gapMethods } from './gaps.ts'
import { leadMethods } from './leads.ts'
import { modelMethods } from './models.ts'
import { connect, rememberMore } from './open.ts'
import { reportMethods } from './reports.ts'

/** Over a database that has the present schema; on a connection that cannot write. */
export function openSqliteReader(path: string): Reader {
  const connection = connect(path)
  connection.pragma('query_only = ON')
  rememberMore(connection)
  return {
    ...leadMethods(connection),
    ...modelMethods(connection),
    ...reportMethods(connection),
    ...gapMethods(connection),
    close: async () => void connection.close(),
  }
}
