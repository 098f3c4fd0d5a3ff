import type { Recorder, StoreOptions } from '../store.ts'
import { accountWriter } from './accounts.ts'
import { explained } from './failure.ts'
import { keyWriter } from './keys.ts'
import { connect, type Connection } from './open.ts'
import { recorder } from './record.ts'
import { savedViewWriter } from './saved-views.ts'
import { siteWriter } from './sites.ts'

/** The writing half of a store, over a database that has the present schema. */
export function openSqliteRecorder(path: string, options: StoreOptions): Recorder {
  return recorderOn(connect(path), path, options)
}

export function recorderOn(connection: Connection, path: string, options: StoreOptions): Recorder {
  const verbs = {
    ...recorder(connection, options),
    ...accountWriter(connection, options),
    ...savedViewWriter(connection),
    ...siteWriter(connection),
    ...keyWriter(connection),
  }
  const inAllWords = Object.fromEntries(
    Object.entries(verbs).map(([name, verb]) => [name, inWords(verb as Verb, path)]),
  )
  return {
    ...(inAllWords as unknown as typeof verbs),
    // Writes a page that says what it said before, and waits for the disk.
    probe: inWords(async () => void connection.pragma('user_version = 0'), path),
    close: async () => void connection.close(),
  }
}

type Verb = (...given: unknown[]) => Promise<unknown>

const inWords =
  <Given extends unknown[], Result>(verb: (...given: Given) => Promise<Result>, path: string) =>
  async (...given: Given): Promise<Result> => {
    try {
      return await verb(...given)
    } catch (error) {
      throw explained(error, path)
    }
  }
