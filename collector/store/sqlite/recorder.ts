import type { Recorder, StoreOptions } from '../store.ts'
import { explained } from './failure.ts'
import { connect, type Connection } from './open.ts'
import { recorder } from './record.ts'

/** The writing half of a store, over a database that has the present schema. */
export function openSqliteRecorder(path: string, options: StoreOptions): Recorder {
  return recorderOn(connect(path), path, options)
}

export function recorderOn(connection: Connection, path: string, options: StoreOptions): Recorder {
  const { record, refresh } = recorder(connection, options)
  return {
    record: inWords(record, path),
    refresh: inWords(refresh, path),
    // Writes a page that says what it said before, and waits for the disk.
    probe: inWords(async () => void connection.pragma('user_version = 0'), path),
    close: async () => void connection.close(),
  }
}

const inWords =
  <Given extends unknown[], Result>(verb: (...given: Given) => Promise<Result>, path: string) =>
  async (...given: Given): Promise<Result> => {
    try {
      return await verb(...given)
    } catch (error) {
      throw explained(error, path)
    }
  }
