import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** IPv4 that is not for the public: IANA's registry of special purposes, multicast and what is reserved. */
const NOT_PUBLIC: [network: string, prefix: number][] = [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // shared by a carrier's customers
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // link-local, with the metadata services of clouds
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16],
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
]

/**
 * IPv6 is public in 2000::/3 alone. So all that carries an IPv4 address from elsewhere is not: mapped (::ffff:0:0/96),
 * compatible (::/96), NAT64 (64:ff9b::/96); nor is what is unique-local, link-local, site-local or multicast.
 */
const GLOBAL: [network: string, prefix: number] = ['2000::', 3]
const NOT_PUBLIC_6: [network: string, prefix: number][] = [
  ['2001::', 23], // Teredo, ORCHID, benchmarks
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4, which carries any IPv4 address
  ['3fff::', 20], // documentation
]

const refused4 = new BlockList()
for (const [network, prefix] of NOT_PUBLIC) refused4.addSubnet(network, prefix, 'ipv4')
const refused6 = new BlockList()
for (const [network, prefix] of NOT_PUBLIC_6) refused6.addSubnet(network, prefix, 'ipv6')
const global6 = new BlockList()
global6.addSubnet(...GLOBAL, 'ipv6')

/** Whether an address belongs to the public internet. Of anything that is no address, or names a zone, it does not. */
export function isPublic(address: string): boolean {
  if (isIPv4(address)) return !refused4.check(address, 'ipv4')
  if (!isIPv6(address) || address.includes('%')) return false
  return global6.check(address, 'ipv6') && !refused6.check(address, 'ipv6')
}
