import { pino } from 'pino'
import type { LogLevel } from '../config.ts'
import type { Trace } from '../http/app.ts'

/** What a running collector says of itself: one JSON object a line. It is handed nothing about a visitor. */
export interface Log {
  info(message: string): void
  /** A bug or a failing part; as a text, something that the operator should know. */
  fault(error: unknown): void
  request(trace: Trace): void
}

/** Writes to standard error at once, so that a line is out before a crash. */
export function createLog(
  level: LogLevel,
  destination: { write(line: string): void } = pino.destination({ dest: 2, sync: true }),
): Log {
  const log = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: label => ({ level: label }) } },
    destination,
  )
  return {
    info: message => log.info(message),
    fault: error => (error instanceof Error ? log.error({ err: error }, error.message) : log.warn(String(error))),
    request: ({ method, route, status, duration }) =>
      log.debug({ method, route, status, milliseconds: Math.round(duration * 10) / 10 }, 'request'),
  }
}
