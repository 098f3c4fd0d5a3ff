import { expect, test } from 'vitest'
import { recordIsolated } from '../../collector/ingest/isolate.ts'
import type { ArrivedEvent, Arrival, Receipt } from '../../collector/store/store.ts'
import { Refusal } from '../../shared/refusal.ts'

function event(id: string, type = 'page_view'): ArrivedEvent {
  return { id, type, at: 2, rawAt: 1, properties: { n: id }, provenance: 'browser', mark: null }
}

const arrival = (visitor: string, ...events: ArrivedEvent[]): Arrival => ({
  site: 1,
  visitor,
  receivedAt: 3,
  events,
  quarantined: [],
})

/** A store with a bug: it fails on events of type `poison`. Nothing of a failed transaction is kept. */
function buggyStore() {
  const events: string[] = []
  const quarantined: Arrival['quarantined'] = []
  const transactions: number[] = []
  async function record(arrivals: Arrival[]): Promise<Receipt[]> {
    transactions.push(arrivals.length)
    if (arrivals.some(one => one.events.some(({ type }) => type === 'poison'))) throw new TypeError('bug')
    return arrivals.map(one => {
      events.push(...one.events.map(({ id }) => id))
      quarantined.push(...one.quarantined)
      return { stored: one.events.length, duplicate: 0, quarantined: one.quarantined.length }
    })
  }
  return { record, events, quarantined, transactions }
}

test('what is well shares one transaction', async () => {
  const { record, transactions } = buggyStore()
  const outcomes = await recordIsolated([arrival('ada', event('a')), arrival('bob', event('b'))], record)
  expect(outcomes).toEqual(Array(2).fill({ receipt: { stored: 1, duplicate: 0, quarantined: 0 } }))
  expect(transactions).toEqual([2])
})

test('a poisonous event goes to quarantine as it was sent; the rest of its batch and every other batch is stored', async () => {
  const { record, events, quarantined } = buggyStore()
  const poisoned = arrival('bob', event('b'), event('p', 'poison'), event('c'))
  const outcomes = await recordIsolated([arrival('ada', event('a')), poisoned, arrival('cy', event('d'))], record)
  expect(events).toEqual(['a', 'b', 'c', 'd'])
  expect(quarantined).toEqual([
    {
      raw: '{"id":"p","type":"poison","at":1,"properties":{"n":"p"}}',
      reason: 'event: the collector fails on it (bug)',
      provenance: 'browser',
      sending: { sentAt: 2, mark: null },
    },
  ])
  expect(outcomes).toEqual([
    { receipt: { stored: 1, duplicate: 0, quarantined: 0 } },
    {
      receipt: { stored: 2, duplicate: 0, quarantined: 1, erased: [] },
      fault: expect.stringContaining('TypeError: bug') as string,
    },
    { receipt: { stored: 1, duplicate: 0, quarantined: 0 } },
  ])
})

test('what was in quarantine already stays beside it', async () => {
  const { record, quarantined } = buggyStore()
  const sick = {
    raw: '1',
    reason: 'event: must be an object',
    provenance: 'browser' as const,
    sending: { sentAt: 1, mark: null },
  }
  const outcomes = await recordIsolated([{ ...arrival('ada', event('p', 'poison')), quarantined: [sick] }], record)
  expect(outcomes).toMatchObject([{ receipt: { stored: 0, duplicate: 0, quarantined: 2 } }])
  expect(quarantined.map(({ raw }) => raw)).toEqual([expect.stringContaining('poison'), '1'])
})

test('when even quarantine fails, the arrival is refused with the reason, and no other is', async () => {
  const { record } = buggyStore()
  const broken = async (arrivals: Arrival[]) => {
    if (arrivals.some(({ quarantined }) => quarantined.length > 0)) throw new Error('worse')
    return record(arrivals)
  }
  const outcomes = await recordIsolated([arrival('ada', event('p', 'poison')), arrival('bob', event('b'))], broken)
  expect(outcomes).toMatchObject([
    { error: expect.stringContaining('TypeError: bug') as string },
    { receipt: { stored: 1 } },
  ])
})

test('a failing disk refuses all at once: nothing is tried in parts', async () => {
  let transactions = 0
  const full = async (): Promise<never> => {
    transactions++
    throw new Refusal('overloaded', 'the disk is full')
  }
  await expect(recordIsolated([arrival('ada', event('a')), arrival('bob', event('b'))], full)).rejects.toThrow('full')
  expect(transactions).toBe(1)
})
