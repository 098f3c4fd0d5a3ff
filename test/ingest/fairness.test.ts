import { expect, test } from 'vitest'
import { createFairness, type Sender } from '../../collector/ingest/fairness.ts'
import { Refusal } from '../../shared/refusal.ts'

const NOON = 1_764_000_000_000
const ADA: Sender = { site: 1, visitor: 'ada', network: '203.0.113.0/24' }
const fair = (rates = {}) => createFairness({ visitor: 10, address: 30, site: 100, ...rates }, 1)

/** How many of so many events, sent one by one, were let in; and what the last refusal said. */
function send(fairness: ReturnType<typeof fair>, sender: Sender | ((n: number) => Sender), events: number, now = NOON) {
  let admitted = 0
  let refusal: Refusal | null = null
  for (let n = 0; n < events; n++) {
    const who = typeof sender === 'function' ? sender(n) : sender
    try {
      fairness.knock(who.network, now)
      fairness.admit(who, 1, now)
      admitted++
    } catch (error) {
      refusal = error as Refusal
    }
  }
  return { admitted, refusal }
}

test('a visitor sends its rate, over ten minutes', () => {
  const { admitted, refusal } = send(fair(), ADA, 200)
  expect(admitted).toBe(100)
  expect(refusal).toMatchObject({
    code: 'rate_limited',
    retryAfter: 6_000,
    message: 'This visitor sends more than 10 events a minute. Send this batch again later.',
  })
})

test('many visitors of one address share its rate, and others have theirs', () => {
  const fairness = fair()
  const visitors = (network: string) => (n: number) => ({ site: 1, visitor: `${network} ${n}`, network })
  const { admitted, refusal } = send(fairness, visitors('203.0.113.0/24'), 1_000)
  expect(admitted).toBe(300)
  expect(refusal?.message).toContain('This address, with its neighbours, sends more than 30')
  expect(send(fairness, visitors('198.51.100.0/24'), 50).admitted).toBe(50)
})

test('what is turned away costs its address too, so that a flood is soon turned away unread', () => {
  const fairness = fair()
  send(fairness, ADA, 1_000)
  expect(() => fairness.knock(ADA.network, NOON)).toThrow(Refusal)
})

test('an address that sends many at once is taken one by one, and none of them waits for more than a second', () => {
  const fairness = fair({ address: 6_000, site: 0 })
  const knocks = (count: number, now = NOON) => Array.from({ length: count }, () => fairness.knock(ADA.network, now))
  expect(Math.max(...knocks(300))).toBe(0)
  const [first, second] = knocks(2)
  expect(first).toBeCloseTo(1_000 / 300, 1)
  expect(second).toBeCloseTo(2_000 / 300, 1)
  expect(fairness.knock('198.51.100.0/24', NOON), 'others do not wait').toBe(0)
  expect(Math.max(...knocks(1_000))).toBeCloseTo(1_000, -1)
  expect(Math.max(...knocks(300, NOON + 2_010))).toBe(0)
})

test('one site does not take the place of another', () => {
  const fairness = fair()
  const visitors = (site: number) => (n: number) => ({ site, visitor: `v${n}`, network: null })
  expect(send(fairness, visitors(1), 5_000).admitted).toBe(1_000)
  expect(send(fairness, visitors(2), 50).admitted).toBe(50)
})

test('a server answers for all of its visitors, from one address', () => {
  expect(send(fair(), { site: 1, visitor: null, network: null }, 1_000).admitted).toBe(1_000)
})

test('the same visitor id on another site is another visitor', () => {
  const fairness = fair({ address: 0 })
  send(fairness, ADA, 200)
  expect(send(fairness, { ...ADA, site: 2 }, 1).admitted).toBe(1)
})

test('memory does not grow with the number of visitors', () => {
  const fairness = fair({ site: 0 })
  const used = () => process.memoryUsage().arrayBuffers
  send(fairness, ADA, 10)
  const before = used()
  send(fairness, n => ({ site: 1, visitor: `visitor ${n}`, network: `2001:db8:${n.toString(16)}::/48` }), 50_000)
  expect(used() - before).toBeLessThan(64 * 1024)
})
