/** What a measured process has used. */
export interface Usage {
  /** Microseconds of CPU of the whole process so far. */
  cpu: number
  /** Bytes. */
  memory: number
  /** Transactions so far, when they were asked for. */
  commits?: number
  /** Bytes an event of the database after its collector has closed it. */
  disk?: number
}

/** Rows that the trial of bare inserts writes at a time. */
export const ROWS = 20_000
