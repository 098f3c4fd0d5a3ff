import Database from 'better-sqlite3'

/** The `seq` of every event in a database; throws when the database is not sound. */
export function eventsKept(file: string): Set<number> {
  const database = new Database(file)
  try {
    const health = database.pragma('integrity_check', { simple: true })
    if (health !== 'ok') throw new Error(`${file}: ${String(health)}`)
    return new Set(database.prepare('SELECT seq FROM events').pluck().all() as number[])
  } finally {
    database.close()
  }
}
