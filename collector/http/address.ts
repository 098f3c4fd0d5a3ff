import { BlockList, isIP, isIPv4 } from 'node:net'

/** Finds out who is asking. */
export interface Addresses {
  /**
   * The client's address: the peer's, or, when that is a configured proxy, the one that it names in `X-Forwarded-For`.
   * `null` when the peer is unknown.
   */
  client(peer: string | undefined, forwardedFor: string | undefined): string | null
  /** Whether the peer is a configured proxy. */
  isProxy(peer: string | undefined): boolean
}

/** `proxies` are addresses and CIDR ranges; what anybody else says in `X-Forwarded-For` is not believed. */
export function createAddresses(proxies: readonly string[]): Addresses {
  const trusted = proxies.length > 0 ? blockList(proxies) : null
  const isTrusted = (address: string): boolean =>
    trusted !== null && trusted.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')

  return {
    isProxy(peer) {
      const address = plain(peer)
      return address !== null && isTrusted(address)
    },

    client(peer, forwardedFor) {
      let address = plain(peer)
      if (address === null || forwardedFor === undefined || !isTrusted(address)) return address
      // Each proxy appends the address that it saw: the last one that no proxy of ours wrote is the client's.
      for (const hop of forwardedFor.split(',').toReversed()) {
        const next = plain(hop)
        if (next === null) return address
        address = next
        if (!isTrusted(address)) return address
      }
      return address
    },
  }
}

/** Throws an error that says what would be right. */
export function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', prefix, ...more] = range.split('/')
    const version = isIP(address)
    const bits = prefix === undefined ? (version === 4 ? 32 : 128) : Number(prefix)
    if (version === 0 || more.length > 0 || !/^\d+$/.test(prefix ?? '0') || bits > (version === 4 ? 32 : 128)) {
      throw new Error(`must be a list of addresses and CIDR ranges, like 10.0.0.0/8,fd00::/8; ${range} is none`)
    }
    list.addSubnet(address, bits, version === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}

/** An address alone, without port, brackets and zone; an IPv4 address in IPv6's clothes is IPv4. `null` for anything else. */
function plain(text: string | undefined): string | null {
  if (text === undefined) return null
  if (isIPv4(text)) return text
  const bare = text
    .trim()
    .replace(/^\[([^\]]*)\](?::\d+)?$/, '$1')
    .replace(/^([\d.]+):\d+$/, '$1')
    .replace(/%.*$/, '')
    .replace(/^::ffff:(?=[\d.]+$)/i, '')
  return isIP(bare) === 0 ? null : bare
}

/** This machine's, and those of private networks, where proxies and containers live: no stranger's. */
const PRIVATE =
  /^(?:127\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|::1$|f[cd]|fe[89ab])/i

/** Whether a peer is on this machine. */
export const isLoopback = (peer: string | undefined): boolean => /^127\.|^::1$/.test(plain(peer) ?? '')

/**
 * The network that an address belongs to, as far as it is ever looked at: the first 24 bits of IPv4, the first 48 of
 * IPv6. `null` for a private address, which tells nobody apart.
 */
export function networkOf(address: string | null): string | null {
  if (address === null || PRIVATE.test(address)) return null
  if (isIPv4(address)) return `${address.slice(0, address.lastIndexOf('.'))}.0/24`
  return `${groups(address).slice(0, 3).map(short).join(':')}::/48`
}

/** The groups of an IPv6 address, with those that `::` stands for. */
function groups(address: string): string[] {
  const [head = '', tail] = address.split('::')
  const before = head.split(':').filter(Boolean)
  if (tail === undefined) return before
  const after = tail.split(':').filter(Boolean)
  const last = after.at(-1)?.includes('.') ? 2 : 1 // an IPv4 address at the end is two groups
  return [...before, ...Array<string>(Math.max(0, 9 - last - before.length - after.length)).fill('0'), ...after]
}

/** `0DB8` and `db8` are the same group. */
const short = (group: string): string => Number.parseInt(group, 16).toString(16)
