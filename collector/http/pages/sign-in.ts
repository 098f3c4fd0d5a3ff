import { randomInt } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { Account } from '../../../shared/account.ts'
import { MINUTE, SECOND, type Duration } from '../../../shared/instant.ts'
import { Refusal } from '../../../shared/refusal.ts'
import { deadLinkPage, firstSignInPage, signInPage } from '../../dashboard/sign-in.ts'
import { tokenBuckets } from '../../ingest/token-bucket.ts'
import { networkOf } from '../address.ts'
import { readForm } from '../form.ts'
import { checkPassword, hashPassword, PASSWORD_LENGTH } from '../password.ts'
import type { Route } from '../route.ts'
import { digest } from '../session.ts'
import { leave, localAddress, readPreferences, remember, surfaceOf } from './frame.ts'
import { openPage, show } from './page.ts'
import type { PageParts } from './pages.ts'

/** Tries a minute, on average over ten: of one network, and for one account whoever tries. */
const TRIES = { network: 1, account: 6 }

/** `/login`, `/login/:secret`, `/logout`. */
export function signIn(parts: PageParts): Route[] {
  const { store, writer, sessions, clock } = parts
  const throttle = createThrottle(parts)
  const surface = (c: Context) => surfaceOf(c, clock())
  /** Of whoever has just shown who they are. */
  async function enter(c: Context, account: Account, zone: string | undefined, to: string): Promise<Response> {
    await sessions.start(c, account)
    remember(c, readPreferences({ ...(zone !== undefined && { zone }) }))
    return leave(c, to)
  }

  return [
    openPage(parts, 'get', '/login', async ({ c }) => {
      const back = localAddress(c.req.query('back'))
      if (await sessions.of(c)) return leave(c, back)
      const known = await store.accounts()
      return show(c, signInPage(surface(c), { name: known.length === 1 ? known[0]!.name : '', back }))
    }),

    openPage(parts, 'post', '/login', async ({ c }) => {
      const { name: given = '', password = '', back: wanted, zone } = await readForm(c, null)
      const [name, back] = [given.trim(), localAddress(wanted)]
      const { words } = surface(c)
      const again = (problem: string, status: number) =>
        show(c, signInPage(surface(c), { problem, name, back }), status)
      const wait = throttle(c, name)
      if (wait > 0) {
        c.header('Retry-After', String(Math.ceil(wait / SECOND)))
        return again(words.say('login.throttled', { minutes: Math.ceil(wait / MINUTE) }), 429)
      }
      const account = await store.accountByName(name)
      const isRight = await checkPassword(password, account?.password ?? null)
      return account && isRight ? enter(c, account, zone, back) : again(words.say('login.wrong'), 401)
    }),

    openPage(parts, 'get', '/login/:secret', async ({ c, params }) => {
      const account = await store.accountByLink(digest(params.secret), clock())
      if (!account) return show(c, deadLinkPage(surface(c)), 404)
      return show(c, firstSignInPage(surface(c), { account, min: PASSWORD_LENGTH.min }))
    }),

    openPage(parts, 'post', '/login/:secret', async ({ c, params }) => {
      const { password = '', zone } = await readForm(c, null)
      const link = digest(params.secret)
      const account = await store.accountByLink(link, clock())
      if (!account) return show(c, deadLinkPage(surface(c)), 404)
      const { min, max } = PASSWORD_LENGTH
      if (password.length < min || password.length > max) {
        const problem = surface(c).words.say('login.length', { min })
        return show(c, firstSignInPage(surface(c), { account, problem, min }), 422)
      }
      try {
        await writer.setPassword(link, await hashPassword(password), clock())
      } catch (error) {
        if (error instanceof Refusal && error.code === 'not_found') return show(c, deadLinkPage(surface(c)), 404)
        throw error
      }
      return enter(c, account, zone, '/')
    }),

    openPage(parts, 'post', '/logout', async ({ c }) => {
      const session = await sessions.of(c)
      if (session) await readForm(c, session)
      await sessions.end(c)
      return leave(c, '/login')
    }),
  ]
}

/** How long a try has to wait; it counts if it need not. */
function createThrottle({ addresses, clock }: PageParts): (c: Context, name: string) => Duration {
  const seed = randomInt(2 ** 32)
  const networks = tokenBuckets({ perMinute: TRIES.network, slots: 2 ** 12, seed })
  const accounts = tokenBuckets({ perMinute: TRIES.account, slots: 2 ** 12, seed })
  return (c, name) => {
    const peer = (c.env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress
    const address = addresses.client(peer, c.req.header('X-Forwarded-For'))
    const network = networkOf(address) ?? address ?? ''
    const wait = Math.max(networks.wait(network, clock()), accounts.wait(name, clock()))
    if (wait > 0) return wait
    networks.take(network, 1, clock())
    accounts.take(name, 1, clock())
    return 0
  }
}
