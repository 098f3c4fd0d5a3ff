import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Context } from 'hono'
import { SECOND } from '../../../shared/instant.ts'
import { Refusal } from '../../../shared/refusal.ts'
import type { Frame } from '../../dashboard/frame.ts'
import type { Html } from '../../dashboard/html.ts'
import { problemPage } from '../../dashboard/problem.ts'
import { anyone } from '../access.ts'
import { readFields, type Fields, type FieldsRead } from '../fields.ts'
import { readForm } from '../form.ts'
import { asRefusal, statusOf } from '../problem.ts'
import { route, type Call, type Route } from '../route.ts'
import type { Session } from '../session.ts'
import { leave, localAddress, signedIn, surfaceOf } from './frame.ts'
import type { PageParts } from './pages.ts'

interface SignedIn {
  frame: Frame
  session: Session
}
type NoFields = { [Name in never]: never }
type PageCall<Path extends string> = Call<Path, SignedIn, NoFields, undefined>

/** A page for whoever is signed in, or what it answers instead; anybody else is led to the sign-in. */
export const page = <const Path extends string>(
  parts: PageParts,
  path: Path,
  run: (call: PageCall<Path>) => Html | Promise<Html | Response>,
): Route =>
  asPage(
    parts,
    route({
      method: 'get',
      path,
      access: signedIn(parts),
      summary: null,
      query: 'any',
      answer: null,
      async run(call) {
        const made = await run(call as PageCall<Path>)
        return made instanceof Response ? made : show(call.c, made)
      },
    }),
  )

/** Where to go when a form has been taken, and which message (`notice.…`) to show there. */
export interface Done {
  /** Shown instead, at once: something that is told only now, like a new secret. */
  show?: Html
  /** `null`: to the page that the form's field `back` names, else to the first. */
  to?: string | null
  notice?: string
}

/**
 * A form of whoever is signed in. It is answered by leading to a page, so that loading that once more sends nothing twice.
 * Fields are those of query.ts: what a form sends are texts. Empty ones are as good as not given.
 */
export const form = <const Path extends string, const Given extends Fields>(
  parts: PageParts,
  path: Path,
  fields: Given,
  run: (call: PageCall<Path> & { given: Partial<FieldsRead<Given>> }) => Promise<Done>,
): Route =>
  asPage(
    parts,
    route({
      method: 'post',
      path,
      access: signedIn(parts),
      summary: null,
      query: 'any',
      answer: null,
      async run(call) {
        const { back, ...sent } = filled(await readForm(call.c, call.session))
        const given = readFields(fields, sent, {
          refuse: ['unprocessable', 'This cannot be done as it is.'],
          absent: 'is left out',
        }) as Partial<FieldsRead<Given>>
        const { to, notice, show: told } = await run({ ...(call as PageCall<Path>), given })
        return told ? show(call.c, told) : leave(call.c, to ?? localAddress(back), notice)
      },
    }),
  )

/** A page or form for anybody. */
export const openPage = <const Path extends string>(
  parts: PageParts,
  method: 'get' | 'post',
  path: Path,
  run: (call: Call<Path, object, NoFields, undefined>) => Promise<Response>,
): Route =>
  asPage(
    parts,
    route({
      method,
      path,
      access: anyone,
      summary: null,
      query: 'any',
      answer: null,
      run: call => run(call as Call<Path, object, NoFields, undefined>),
    }),
  )

/** Forms send their empty fields, too. */
export const filled = (given: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value.trim() !== ''))

/** The query of a page, read as the API reads it; what is left out is not there. */
export const readQuery = <const Given extends Fields>(fields: Given, given: Record<string, string>) =>
  readFields(fields, given, {
    refuse: ['invalid', 'The query is not well-formed.'],
    absent: 'is left out',
  }) as Partial<FieldsRead<Given>>

/** Whatever a page refuses is told as a page. */
const asPage = ({ clock, log }: PageParts, declared: Route): Route => ({
  ...declared,
  async handle(c, auth) {
    try {
      return await declared.handle(c, auth)
    } catch (error) {
      const refusal = asRefusal(error)
      if (refusal.code === 'unauthorized' && c.req.method === 'GET') return toSignIn(c)
      if (refusal.code === 'internal' || refusal.cause) log(refusal.cause ?? refusal)
      return show(c, problemFor(c, refusal, clock()), statusOf(refusal.code))
    }
  },
})

function problemFor(c: Context, { code, message, errors, retryAfter }: Refusal, now: number): Html {
  if (retryAfter !== null) c.header('Retry-After', String(Math.ceil(retryAfter / SECOND)))
  return problemPage(surfaceOf(c, now), { status: statusOf(code), message, errors })
}

function toSignIn(c: Context): Response {
  const { pathname, search } = new URL(c.req.url)
  c.header('Cache-Control', 'no-store')
  return c.redirect(`/login?back=${encodeURIComponent(pathname + search)}`)
}

/** Nothing from elsewhere, nothing inline, and no text of a stranger's can become script. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'Cache-Control': 'no-store',
  Vary: 'Accept-Encoding',
}

/** Answers with a page, compressed. */
export async function show(c: Context, content: Html, status = 200): Promise<Response> {
  const text = String(await content)
  for (const [name, value] of Object.entries(HEADERS)) c.header(name, value)
  const accepts = c.req.header('Accept-Encoding') ?? ''
  if (text.length < 1_000 || !/\b(br|gzip)\b/.test(accepts)) return c.body(text, status as 200)
  const isBrotli = /\bbr\b/.test(accepts)
  c.header('Content-Encoding', isBrotli ? 'br' : 'gzip')
  // Quality 4 takes 2 ms for a long page; 11, the default, a hundred times as long.
  const packed = isBrotli
    ? brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })
    : gzipSync(text)
  return c.body(packed, status as 200)
}
