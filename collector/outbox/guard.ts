import { isIP, type BlockList, type LookupFunction } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { SECOND, type Duration } from '../../shared/instant.ts'
import { Refusal } from '../../shared/refusal.ts'
import { isPublic } from './public-address.ts'
import type { Resolve } from './resolve.ts'

const MAX_URL = 2_048
/** How long whoever saves a webhook waits for the name servers. */
const PATIENCE: Duration = 3 * SECOND
/** Names that mean nothing outside a network (RFC 6761, RFC 6762, what ICANN has set aside), and those of one word. */
const INTERNAL =
  /^[^.]*$|\.(?:localhost|localdomain|local|internal|intranet|private|lan|home|corp|home\.arpa|test|invalid|onion)$/i

/** Decides where a message may go: when a webhook is saved, and again at the socket, whenever one is opened. */
export interface Guard {
  /** A webhook's address as it is kept; refuses one that could not be sent to. A name that nobody knows yet may be saved. */
  admit(text: string): Promise<string>
  /** The addresses to connect to. Rejects with `Barred` when there is none that may be. */
  addresses(url: URL): Promise<string[]>
  /** For the socket: hands out only what `addresses` does, so that no second answer is ever asked for. */
  lookup(url: URL): LookupFunction
}

/** Not an address to connect to. */
export class Barred extends Error {
  constructor(url: URL) {
    super(url.protocol === 'http:' ? 'http is for allowed private addresses only' : 'the address is not public')
  }
}

/**
 * Public addresses by https alone. `allowed` are the operator's own networks, which may be private, and where http will do.
 * What a name means is asked once for each connection, and that answer is the one connected to: a name that is public when
 * it is looked at, and private when it is used, gains nothing.
 */
export function createGuard(resolve: Resolve, allowed: BlockList): Guard {
  const isAllowed = (address: string) => allowed.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  const mayReach = (address: string, { protocol }: URL) =>
    isIP(address) !== 0 && (isAllowed(address) || (protocol === 'https:' && isPublic(address)))

  async function addresses(url: URL): Promise<string[]> {
    const host = hostOf(url)
    const found = (isIP(host) ? [host] : await resolve(host)).filter(address => mayReach(address, url))
    if (found.length === 0) throw new Barred(url)
    return found
  }

  return {
    addresses,

    async admit(text) {
      const url = readUrl(text)
      try {
        const isKnown = await Promise.race([
          addresses(url).then(() => true, unlessBarred),
          setTimeout(PATIENCE, false, { ref: false }),
        ])
        if (!isKnown && (url.protocol === 'http:' || INTERNAL.test(hostOf(url)))) throw new Barred(url)
      } catch (error) {
        throw error instanceof Barred ? wrongUrl(`must be a public https address; ${error.message}`) : error
      }
      return url.href
    },

    lookup:
      url =>
      (_, { all }, answer) => {
        const give = (found: string[]): void => {
          const [first, ...others] = found.map(address => ({ address, family: isIP(address) }))
          if (first && all) answer(null, [first, ...others])
          else if (first) answer(null, first.address, first.family)
        }
        addresses(url).then(give, (error: NodeJS.ErrnoException) => answer(error, ''))
      },
  }
}

function unlessBarred(error: unknown): false {
  if (error instanceof Barred) throw error
  return false
}

/** Numbers in any spelling, full-width digits and dots included, are read as the addresses that they are (WHATWG URL). */
function readUrl(text: string): URL {
  const url = text.length <= MAX_URL ? URL.parse(text) : null
  if (!url) throw wrongUrl(`must be an address of at most ${MAX_URL} characters, like https://crm.example/hooks/leads`)
  if (!/^https?:$/.test(url.protocol)) throw wrongUrl('must begin with https://')
  if (url.username !== '' || url.password !== '') throw wrongUrl('must not carry a user name or password')
  url.hash = ''
  return url
}

/** Without the brackets of IPv6, and the dot that may end a name. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')

const wrongUrl = (detail: string): Refusal =>
  new Refusal('unprocessable', 'Nothing can be sent to that address.', [{ pointer: '/url', detail }])
