import { SECOND } from '../../shared/instant.ts'
import { Refusal, type RefusalCode } from '../../shared/refusal.ts'

const STATUS = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  wrong_method: 405,
  conflict: 409,
  too_large: 413,
  unsupported_encoding: 415,
  unprocessable: 422,
  rate_limited: 429,
  overloaded: 503,
  internal: 500,
} as const satisfies Record<RefusalCode, number>

const TITLE: Record<RefusalCode, string> = {
  invalid: 'Not well-formed',
  unauthorized: 'Not authorised',
  forbidden: 'Not allowed',
  not_found: 'Not found',
  wrong_method: 'Wrong method',
  conflict: 'In conflict',
  too_large: 'Too large',
  unsupported_encoding: 'Unsupported encoding',
  unprocessable: 'Cannot be done',
  rate_limited: 'Too many requests',
  overloaded: 'Try again later',
  internal: 'Internal error',
}

export const statusOf = (code: RefusalCode): number => STATUS[code]

/** After which an overloaded collector is worth another try. */
const RETRY_AFTER = 2 * SECOND

/** Headers that say more than the status does. */
function headersFor({ code, retryAfter }: Refusal): Record<string, string> {
  const wait = retryAfter ?? (code === 'overloaded' ? RETRY_AFTER : null)
  return {
    'Content-Type': 'application/problem+json',
    ...(wait !== null && { 'Retry-After': String(Math.ceil(wait / SECOND)) }),
    ...(code === 'unauthorized' && { 'WWW-Authenticate': 'Bearer' }),
    ...(code === 'unsupported_encoding' && { 'Accept-Encoding': 'gzip, deflate, br' }),
  }
}

export const asRefusal = (error: unknown): Refusal =>
  error instanceof Refusal ? error : new Refusal('internal', 'Internal error.', [], { cause: error })

/** Any error as an RFC 9457 problem document; whatever is not a refusal is a bug, told as `internal` and logged. */
export function problem(error: unknown, log: (error: unknown) => void, headers: Record<string, string> = {}): Response {
  const refusal = asRefusal(error)
  if (refusal.code === 'internal' || refusal.cause) log(refusal.cause ?? refusal)
  const status = STATUS[refusal.code]
  const document = {
    type: 'about:blank',
    title: TITLE[refusal.code],
    status,
    detail: refusal.message,
    ...(refusal.errors.length > 0 && { errors: refusal.errors }),
  }
  return new Response(JSON.stringify(document), { status, headers: { ...headersFor(refusal), ...headers } })
}
