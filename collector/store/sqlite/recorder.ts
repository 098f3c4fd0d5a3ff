import type { Recorder, StoreOptions } from '../store.ts'
import { explained } from './failure.ts'
import { connect, type Connection } from './open.ts'
import { recorder } from './record.ts'

/** The writing half of a store, over a database that has the present schema. */
export function openSqliteRecorder(path: string, options: StoreOptions): Recorder {
  return recorderOn(connect(path), path, options)
}

export function recorderOn(connection: Connection, path: string, options: StoreOptions): Recorder {
  const { record, refresh, rescore, rejudge, move, override, merge, unmerge, remark, draft, publish } = recorder(
    connection,
    options,
  )
  return {
    record: inWords(record, path),
    refresh: inWords(refresh, path),
    rescore: inWords(rescore, path),
    rejudge: inWords(rejudge, path),
    move: inWords(move, path),
    override: inWords(override, path),
    merge: inWords(merge, path),
    unmerge: inWords(unmerge, path),
    remark: inWords(remark, path),
    draft: inWords(draft, path),
    publish: inWords(publish, path),
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
