import { describe, expect, test } from 'vitest'
import { blockList, createAddresses, isLoopback, networkOf } from '../../collector/http/address.ts'

describe('the client’s address', () => {
  const proxied = createAddresses(['10.0.0.0/8', '2001:db8:aa::/48', '127.0.0.1'])

  test.each([
    ['is the peer’s', '203.0.113.7', undefined, '203.0.113.7'],
    ['is the peer’s, whatever a stranger says', '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['is what a proxy says', '10.0.0.2', '198.51.100.1', '198.51.100.1'],
    ['is the last that no proxy of ours wrote', '10.0.0.2', '1.2.3.4, 198.51.100.1, 10.0.0.3', '198.51.100.1'],
    ['is not what the client claims before it', '127.0.0.1', '127.0.0.1, 198.51.100.1', '198.51.100.1'],
    ['is the first, if all are proxies', '10.0.0.2', '10.0.0.4,10.0.0.3', '10.0.0.4'],
    ['is the last good one before nonsense', '10.0.0.2', '198.51.100.1, unknown, 10.0.0.3', '10.0.0.3'],
    ['is the proxy’s if it says nothing', '10.0.0.2', undefined, '10.0.0.2'],
    ['is the proxy’s if it says nonsense', '10.0.0.2', '', '10.0.0.2'],
    ['may be IPv4 in IPv6’s clothes', '::ffff:10.0.0.2', '::ffff:198.51.100.1', '198.51.100.1'],
    ['may come over IPv6', '2001:db8:aa::1', '2001:db8:bb::1', '2001:db8:bb::1'],
    ['may have a port', '10.0.0.2', '198.51.100.1:4711', '198.51.100.1'],
    ['may have brackets and a port', '10.0.0.2', '[2001:db8:bb::1]:443', '2001:db8:bb::1'],
    ['may be unknown', undefined, '198.51.100.1', null],
  ])('%s', (_, peer, forwardedFor, client) => expect(proxied.client(peer, forwardedFor)).toBe(client))

  test('is the peer’s alone when no proxy is configured', () => {
    const open = createAddresses([])
    expect(open.client('127.0.0.1', '198.51.100.1')).toBe('127.0.0.1')
    expect([open.isProxy('127.0.0.1'), proxied.isProxy('::ffff:10.1.1.1'), proxied.isProxy(undefined)]).toEqual([
      false,
      true,
      false,
    ])
  })
})

describe('only the network of an address is ever looked at', () => {
  test.each([
    ['203.0.113.7', '203.0.113.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
    ['2001:0DB8:0001::6', '2001:db8:1::/48'],
    ['2001:db8::', '2001:db8:0::/48'],
    ['2a00::1:2:3', '2a00:0:0::/48'],
    ['64:ff9b::198.51.100.1', '64:ff9b:0::/48'],
  ])('%s → %s', (address, network) => expect(networkOf(address)).toBe(network))

  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.0.1',
    '100.64.0.1',
    '::1',
    'fd00::1',
    'fe80::1',
  ])('a private one, %s, says nothing', address => expect(networkOf(address)).toBeNull())

  test.each(['172.32.0.1', '100.128.0.1', '11.0.0.1', '192.169.0.1', '2001:db8::1'])('%s is public', address =>
    expect(networkOf(address)).not.toBeNull(),
  )
})

test('loopback', () => {
  expect(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'].map(isLoopback)).toEqual([true, true, true, true])
  expect(['10.0.0.1', '1.27.0.1', undefined].map(isLoopback)).toEqual([false, false, false])
})

test.each(['proxy', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0.0/x', '::/129', ''])('%j is no range', range => {
  expect(() => blockList([range])).toThrow('must be a list of addresses and CIDR ranges')
})
