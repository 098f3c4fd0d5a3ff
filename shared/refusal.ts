import type { Duration } from './instant.ts'

export type RefusalCode =
  | 'invalid'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'wrong_method'
  | 'conflict'
  | 'too_large'
  | 'unsupported_encoding'
  | 'unprocessable'
  | 'rate_limited'
  | 'overloaded'
  | 'internal'

/** A "no" that can be explained. The message is for the caller: what was wrong, and what would be right. */
export class Refusal extends Error {
  readonly code: RefusalCode
  /** The offending places, as JSON pointers into the request. */
  readonly errors: { pointer: string; detail: string }[]
  /** How long to wait before it is worth another try, where that is known. */
  readonly retryAfter: Duration | null

  constructor(
    code: RefusalCode,
    message: string,
    errors: { pointer: string; detail: string }[] = [],
    options: ErrorOptions & { retryAfter?: Duration } = {},
  ) {
    super(message, options)
    this.name = 'Refusal'
    this.code = code
    this.errors = errors
    this.retryAfter = options.retryAfter ?? null
  }
}
