import { createHash, randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { Account } from '../../shared/account.ts'
import { DAY, SECOND, type Instant } from '../../shared/instant.ts'
import type { Verbs } from '../ingest/writer.ts'
import type { Store } from '../store/store.ts'

/** A browser that is signed in. */
export interface Session {
  account: Account
  /** Stands in every form of its pages: no other site can know it. */
  csrf: string
}

export interface Sessions {
  /** `null` when the browser is not signed in. */
  of(c: Context): Promise<Session | null>
  /** Signs the browser in. */
  start(c: Context, account: Account): Promise<void>
  end(c: Context): Promise<void>
}

export interface SessionParts {
  store: Pick<Store, 'accountBySession'>
  writer: Pick<Verbs, 'addSession' | 'endSession'>
  clock: () => Instant
  /** How browsers reach the collector, when that is configured. */
  publicUrl: string | null
}

/** After which a password is asked for again. */
const LASTS = 14 * DAY

/** Browsers take `__Host-` from one host only, over TLS, for all of its paths: nobody else can set or see it. */
const SECURE = '__Host-leadlight'
/** Where there is no TLS. */
const PLAIN = 'leadlight'

/** SHA-256 in hexadecimal: what the store keeps of a secret that a browser holds. */
export const digest = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** Sessions are kept by the collector; the browser holds 256 random bits in a cookie. */
export function createSessions({ store, writer, clock, publicUrl }: SessionParts): Sessions {
  const secretOf = (c: Context): string | undefined => getCookie(c, cookieName(c, publicUrl))
  const give = (c: Context, value: string, seconds: number): void => {
    const name = cookieName(c, publicUrl)
    const secure = name === SECURE
    setCookie(c, name, value, { path: '/', httpOnly: true, secure, sameSite: 'Lax', maxAge: seconds })
  }
  return {
    async of(c) {
      const secret = secretOf(c)
      const account = secret ? await store.accountBySession(digest(secret), clock()) : null
      return account && secret ? { account, csrf: digest(`csrf ${secret}`) } : null
    },
    async start(c, account) {
      const secret = randomBytes(32).toString('base64url')
      await writer.addSession(account.id, digest(secret), clock() + LASTS, clock())
      give(c, secret, LASTS / SECOND)
    },
    async end(c) {
      const secret = secretOf(c)
      if (secret) await writer.endSession(digest(secret))
      give(c, '', 0)
    },
  }
}

/** Chromium and Firefox take secure cookies from this machine without TLS, Safari does not. */
function cookieName(c: Context, publicUrl: string | null): string {
  const url = new URL(c.req.url)
  if (url.protocol === 'https:' || publicUrl?.startsWith('https:')) return SECURE
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
  const isSafari = /Version\/[\d.]+ .*Safari\//.test(c.req.header('User-Agent') ?? '')
  return isHere && !isSafari ? SECURE : PLAIN
}
