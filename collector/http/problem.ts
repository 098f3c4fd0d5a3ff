import type { Context } from 'hono'
import { Refusal, type RefusalCode } from '../../shared/refusal.ts'

const STATUS = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unprocessable: 422,
  overloaded: 503,
  internal: 500,
} as const satisfies Record<RefusalCode, number>

const TITLE: Record<RefusalCode, string> = {
  invalid: 'Not well-formed',
  unauthorized: 'Not authorised',
  forbidden: 'Not allowed',
  not_found: 'Not found',
  conflict: 'In conflict',
  too_large: 'Too large',
  unprocessable: 'Cannot be done',
  overloaded: 'Try again later',
  internal: 'Internal error',
}

/** Seconds after which an overloaded collector is worth another try. */
const RETRY_AFTER = '2'

/** Any error as an RFC 9457 problem document; whatever is not a refusal is a bug, told as `internal` and logged. */
export function problem(c: Context, error: unknown, log: (error: unknown) => void): Response {
  const refusal = error instanceof Refusal ? error : new Refusal('internal', 'Internal error.', [], { cause: error })
  if (refusal.code === 'internal' || refusal.cause) log(refusal.cause ?? refusal)
  const status = STATUS[refusal.code]
  if (status === 503) c.header('Retry-After', RETRY_AFTER)
  if (status === 401) c.header('WWW-Authenticate', 'Bearer')
  const document = {
    type: 'about:blank',
    title: TITLE[refusal.code],
    status,
    detail: refusal.message,
    ...(refusal.errors.length > 0 && { errors: refusal.errors }),
  }
  return c.body(JSON.stringify(document), status, { 'Content-Type': 'application/problem+json' })
}
