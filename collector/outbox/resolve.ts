import { Resolver } from 'node:dns/promises'
import { SECOND } from '../../shared/instant.ts'

/** All addresses of a host name; rejects when there are none. */
export type Resolve = (host: string) => Promise<string[]>

/**
 * Asks the machine's name servers. Not by `dns.lookup`, which keeps one of Node's few threads for as long as it waits: a
 * name whose servers are silent would slow everybody else.
 */
export function resolveWith(resolver = new Resolver({ timeout: 2 * SECOND, tries: 2 })): Resolve {
  return async host => {
    if (/^(?:.*\.)?localhost$/i.test(host)) return ['127.0.0.1', '::1'] // by RFC 6761; name servers are not asked
    const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
    const found = [four, six].flatMap(answer => (answer.status === 'fulfilled' ? answer.value : []))
    if (found.length > 0) return found
    throw four.status === 'rejected' ? four.reason : new Error(`${host} has no address.`)
  }
}
