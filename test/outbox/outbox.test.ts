import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createOutbox } from '../../collector/outbox/outbox.ts'
import { HOUR } from '../../shared/instant.ts'
import { desk, signsUp, type Desk } from './desk.ts'
import { receiver, verified, type Receiver } from './receiver.ts'

let office: Desk
let crm: Receiver
beforeEach(async () => {
  office = await desk()
  vi.useFakeTimers({ toFake: ['Date'], now: office.now() }) // the official verifier looks at the clock
  crm = await receiver(office.now)
})
afterEach(async () => {
  vi.useRealTimers()
  await office.close()
  await crm.close()
})

const ONE = { events: ['lead.created' as const] }
const signUps = async (count: number) => {
  for (let i = 0; i < count; i++) await office.happens(`visitor-${i}`, signsUp(`person-${i}@example.com`))
}
const ids = ({ received }: Receiver) => received.map(({ id }) => id)

describe('one webhook does not wait for another', () => {
  test('whose receiver never answers, though 50 messages wait for it', async () => {
    const dead = await receiver()
    dead.answer(() => {})
    await office.subscribe(dead.url, ONE)
    const healthy = await office.subscribe(crm.url, ONE)
    await signUps(50)
    await office.outbox.round()
    await crm.arrived(50)
    expect(new Set(ids(crm)).size).toBe(50)
    expect(dead.received.length, 'and is not overrun itself').toBeLessThanOrEqual(4)
    const states = async () => new Set((await office.deliveries(healthy)).map(({ state }) => state))
    await expect.poll(states).toEqual(new Set(['delivered']))
    await office.outbox.close()
    await dead.close()
  })

  test('whose name is never resolved', async () => {
    await office.close()
    office = await desk({ resolve: () => new Promise(() => {}) })
    await office.subscribe('https://silent.example/', ONE)
    await office.subscribe(crm.url, ONE)
    await signUps(20)
    await office.outbox.round()
    expect(new Set((await crm.arrived(20)).map(({ id }) => id)).size).toBe(20)
  })
})

describe('at least once, under one id', () => {
  test('what the disk cannot note down is not sent again meanwhile, and noted later', async () => {
    const settle = office.parts.writer.settleDeliveries
    let isFull = true
    office.parts.writer = {
      ...office.parts.writer,
      settleDeliveries: some => (isFull ? Promise.reject(new Error('the disk is full')) : settle(some)),
    }
    const outbox = createOutbox(office.parts)
    const webhook = await office.subscribe(crm.url, ONE)
    await signUps(3)
    for (let i = 0; i < 5; i++) await outbox.round()
    await crm.arrived(3)
    for (let i = 0; i < 5; i++) await outbox.round()
    isFull = false
    await outbox.round()
    const states = async () => (await office.deliveries(webhook)).map(({ state }) => state)
    await expect.poll(states).toEqual(Array(3).fill('delivered'))
    await outbox.close()
    expect(crm.received).toHaveLength(3)
    expect(office.faults[0]).toEqual(new Error('the disk is full'))
  })

  test('what is on its way when the collector ends is sent again by the next', async () => {
    crm.answer(() => {})
    const webhook = await office.subscribe(crm.url, ONE)
    await signUps(2)
    await office.outbox.round()
    await crm.arrived(2)
    await office.outbox.close()
    expect((await office.deliveries(webhook)).map(({ state, tries }) => [state, tries])).toEqual([
      ['waiting', 0],
      ['waiting', 0],
    ])
    crm.answer(204)
    const next = createOutbox(office.parts)
    await next.round()
    await crm.arrived(4)
    await next.close()
    expect(ids(crm).slice(2).toSorted()).toEqual(ids(crm).slice(0, 2).toSorted())
  })

  test('an outbox that is closing lets what is on its way arrive', async () => {
    const answers = Promise.withResolvers<() => void>()
    crm.answer(response => answers.resolve(() => response.writeHead(204).end()))
    office.parts.grace = 10_000
    const webhook = await office.subscribe(crm.url, ONE)
    await signUps(1)
    await office.outbox.round()
    const answer = await answers.promise
    const closing = office.outbox.close()
    answer()
    await closing
    expect(await office.deliveries(webhook)).toMatchObject([{ state: 'delivered' }])
  })

  test('replayed, one message or all that are dead, it keeps its id and begins the schedule anew', async () => {
    const webhook = await office.subscribe(crm.url, ONE)
    await signUps(2)
    await office.settled()
    const [first] = ids(crm)
    expect(await office.store.replay(webhook.id, {}, office.now()), 'none is dead').toBe(0)
    expect(await office.store.replay(webhook.id, { id: first! }, office.now())).toBe(1)
    await office.settled()
    expect(ids(crm)[2]).toBe(first)
    const replayed = (await office.deliveries(webhook)).find(({ id }) => id === first)
    expect(replayed).toMatchObject({ state: 'delivered', tries: 1, attempts: [{ status: 204 }, { status: 204 }] })
  })

  test('delivered messages are forgotten in time, all others kept', async () => {
    const webhook = await office.subscribe(crm.url, ONE)
    await signUps(3)
    await office.settled()
    crm.answer(500)
    await office.happens('late', signsUp('late@example.com'))
    await office.settled()
    office.advance(31 * 24 * HOUR)
    expect(await office.store.forgetDelivered(office.now() - 30 * 24 * HOUR, 2)).toBe(2)
    expect(await office.store.forgetDelivered(office.now() - 30 * 24 * HOUR, 2)).toBe(1)
    expect(await office.deliveries(webhook)).toMatchObject([{ state: 'waiting' }])
  })
})

describe('signatures', () => {
  test('are of both secrets while one is changed, then of the new one', async () => {
    const webhook = await office.subscribe(crm.url, ONE)
    const change = { secret: 'whsec_bmV3IHNlY3JldCBvZiBvdXJz', previousSecret: webhook.secret }
    await office.store.changeWebhook(office.site, webhook.id, { ...change, previousUntil: office.now() + HOUR })
    await signUps(1)
    await office.settled()
    const [both] = crm.received
    expect(String(both?.headers['webhook-signature'])).toMatch(/^v1,\S+ v1,\S+$/)
    for (const secret of [webhook.secret, change.secret]) expect(verified(both!, secret).type).toBe('lead.created')

    office.advance(HOUR)
    vi.setSystemTime(office.now())
    await office.happens('late', signsUp('late@example.com'))
    await office.settled()
    const last = crm.received.at(-1)!
    expect(verified(last, change.secret).type).toBe('lead.created')
    expect(() => verified(last, webhook.secret)).toThrow('No matching signature')
  })

  test('are right for whatever strangers call themselves', async () => {
    const webhook = await office.subscribe(crm.url, ONE)
    const name = 'Å‮\u0000\ud800 "\\</script>😀\n\u2028'
    await office.happens('ada', { type: 'identify', properties: { traits: { email: 'ada@example.com', name } } })
    await office.settled()
    expect(verified(crm.received[0]!, webhook.secret).data['email']).toBe('ada@example.com')
  })

  test('are on tests too', async () => {
    const webhook = await office.subscribe(crm.url)
    expect(await office.outbox.test(webhook, 'msg_test')).toMatchObject({ status: 204, error: null })
    expect(verified(crm.received[0]!, webhook.secret)).toMatchObject({
      type: 'webhook.test',
      data: { name: 'Ada Example' },
    })
    expect(() => verified({ ...crm.received[0]!, body: '{}' }, webhook.secret), 'planted: another body').toThrow()
  })
})
