/** What a measured process has used. */
export interface Usage {
  /** Microseconds of CPU of the whole process so far. */
  cpu: number
  /** Bytes. */
  memory: number
  /** Of the database, its log included. */
  disk: number
}

/** Rows that the trial of bare inserts writes at a time. */
export const ROWS = 20_000
