import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DELAYS, nextAttempt } from '../../collector/outbox/schedule.ts'
import { HOUR, MINUTE, SECOND } from '../../shared/instant.ts'
import { desk, signsUp, type Desk } from './desk.ts'
import { receiver, verified, type Receiver } from './receiver.ts'

let office: Desk
let crm: Receiver
beforeEach(async () => {
  office = await desk()
  crm = await receiver(office.now)
})
afterEach(async () => {
  vi.useRealTimers()
  await office.close()
  await crm.close()
})

const ONE = { events: ['lead.created' as const] }
const only = async (webhook: Awaited<ReturnType<Desk['subscribe']>>) => {
  const [delivery, ...others] = await office.deliveries(webhook)
  expect(others).toEqual([])
  return delivery!
}

describe('the schedule', () => {
  test('is that of the specification, with up to a tenth more', () => {
    const hours = DELAYS.map(delay => delay / HOUR)
    expect(hours).toEqual([0, 5 / 3600, 5 / 60, 0.5, 2, 5, 10, 14, 20, 24])
    expect(nextAttempt(1, 1_000, 0, null)).toBe(6_000)
    expect(nextAttempt(1, 1_000, 1, null)).toBe(6_500)
    expect(nextAttempt(9, 0, 0.5, null)).toBe(25.2 * HOUR)
    expect(nextAttempt(10, 0, 0, null)).toBeNull()
  })

  test.each([
    [null, 5 * SECOND],
    [1 * SECOND, 5 * SECOND],
    [10 * MINUTE, 10 * MINUTE],
    [1_000 * HOUR, 24 * HOUR],
  ])('a receiver that asks for %s ms gets at least that, and at most a day', (retryAfter, expected) =>
    expect(nextAttempt(1, 0, 0, retryAfter)).toBe(expected),
  )

  test.each([0, 0.37, 1])(
    'ten attempts, each verified, all of one id, then a dead letter (chance %d)',
    async chance => {
      office.parts.chance = () => chance
      crm.answer(500)
      const webhook = await office.subscribe(crm.url, ONE)
      await office.happens('ada', signsUp('ada@example.com'))
      const begun = office.now()
      for (let attempt = 1; attempt <= DELAYS.length; attempt++) {
        await office.settled()
        expect(crm.received).toHaveLength(attempt)
        const { nextAt, state } = await only(webhook)
        expect(state).toBe(attempt < DELAYS.length ? 'waiting' : 'dead')
        if (nextAt === null) break
        office.setTime(nextAt - 1)
        await office.settled()
        expect(crm.received, 'not a millisecond early').toHaveLength(attempt)
        office.setTime(nextAt)
      }
      const gaps = crm.received.map(({ at }, i) => at - (crm.received[i - 1]?.at ?? begun))
      for (const [i, gap] of gaps.entries()) {
        expect(gap).toBeGreaterThanOrEqual(DELAYS[i]!)
        expect(gap).toBeLessThanOrEqual(DELAYS[i]! * 1.1 + 1)
      }
      expect(new Set(crm.received.map(({ id }) => id)).size).toBe(1)
      expect(new Set(crm.received.map(({ body }) => body)).size).toBe(1)
      for (const delivery of crm.received) {
        vi.useFakeTimers({ toFake: ['Date'], now: delivery.at })
        expect(verified(delivery, webhook.secret).type).toBe('lead.created')
      }
      vi.useRealTimers()
      expect((await only(webhook)).attempts.map(({ status }) => status)).toEqual(DELAYS.map(() => 500))
      expect(office.results).toEqual([...Array<string>(9).fill('failed'), 'dead'])
      expect(office.faults).toEqual([expect.stringContaining('is given up after 10 attempts')])
      expect(JSON.stringify(office.faults), 'logs name nobody').not.toContain('ada@example.com')
    },
  )
})

describe('a receiver that', () => {
  const SILENT = () => {}
  const cutMidway = (response: ServerResponse) => {
    response.socket?.write('HTTP/1.1 200 O')
    response.socket?.destroy()
  }
  test.each<[string, number | ((response: ServerResponse) => void), string]>([
    ['answers 500', 500, 'answered 500'],
    ['answers 404', 404, 'answered 404'],
    ['answers nothing', SILENT, 'no answer within 0.15 s'],
    ['cuts the line', response => response.socket?.destroy(), 'connection cut'],
    ['cuts the line in its answer', cutMidway, 'connection cut'],
    ['speaks no HTTP', response => response.socket?.end('hello\r\n\r\n'), 'HPE_INVALID_CONSTANT'],
    [
      'redirects',
      response => response.writeHead(307, { Location: '/' }).end(),
      'answered 307: redirects are not followed',
    ],
    [
      'changes the protocol',
      response => response.writeHead(101, { Upgrade: 'x', Connection: 'Upgrade' }).end(),
      'answered 101',
    ],
    ['wants to be left alone', 429, 'answered 429'],
  ])('%s is tried again after 5 s, under the same id', async (_, how, error) => {
    const webhook = await office.subscribe(crm.url, ONE)
    crm.answer(how)
    if (how === SILENT) office.parts.timeLimit = 150 // all others answer, however slow this machine is
    await office.happens('ada', signsUp('ada@example.com'))
    await office.settled()
    const failed = await only(webhook)
    expect(failed).toMatchObject({ state: 'waiting', nextAt: office.now() + 5 * SECOND, tries: 1 })
    expect(failed.attempts[0]?.error).toContain(error)

    crm.answer(204)
    office.parts.timeLimit = 10_000
    office.advance(5 * SECOND)
    await office.settled()
    expect(await only(webhook)).toMatchObject({ state: 'delivered', nextAt: null })
    expect(crm.received.map(({ id }) => id)).toEqual([failed.id, failed.id])
    expect(office.faults).toEqual([])
  })

  test('is not there is tried again as well', async () => {
    const webhook = await office.subscribe('http://127.0.0.1:1/', ONE)
    await office.happens('ada', signsUp('ada@example.com'))
    await office.settled()
    expect(await only(webhook)).toMatchObject({ state: 'waiting', attempts: [{ error: 'connection refused' }] })
  })

  test.each<[string, (response: ServerResponse) => void]>([
    ['sends a status, and then nothing more', response => response.writeHead(200).flushHeaders()],
    [
      'never stops talking',
      response => {
        response.writeHead(200)
        const talk = () => void (response.destroyed || response.write('x'.repeat(16_384), talk))
        talk()
      },
    ],
  ])('%s has taken the message', async (_, how) => {
    office.parts.timeLimit = 3_000
    const webhook = await office.subscribe(crm.url, ONE)
    crm.answer(how)
    await office.happens('ada', signsUp('ada@example.com'))
    await office.settled()
    expect(await only(webhook)).toMatchObject({ state: 'delivered', attempts: [{ status: 200, error: null }] })
  })

  test('answers 410 is disabled: nothing more is sent or written, what waits is kept as dead letters', async () => {
    const webhook = await office.subscribe(crm.url, ONE)
    crm.answer(500)
    await office.happens('ada', signsUp('ada@example.com'))
    await office.settled()
    crm.answer(410)
    await office.happens('bob', signsUp('bob@example.com'))
    await office.settled()
    office.advance(30 * 24 * HOUR)
    await office.happens('cid', signsUp('cid@example.com'))
    await office.settled()
    expect(crm.received).toHaveLength(2)
    expect((await office.deliveries(webhook)).map(({ state }) => state)).toEqual(['dead', 'dead'])
    expect(await office.store.webhook(office.site, webhook.id)).toMatchObject({
      disabledReason: 'its receiver answered 410 (gone)',
    })

    await office.store.changeWebhook(office.site, webhook.id, { disabledAt: null, disabledReason: null })
    expect(await office.store.replay(webhook.id, {}, office.now())).toBe(2)
    crm.answer(204)
    await office.settled()
    expect((await office.deliveries(webhook)).map(({ state }) => state)).toEqual(['delivered', 'delivered'])
    const ids = crm.received.map(({ id }) => id)
    expect(new Set(ids.slice(2))).toEqual(new Set(ids.slice(0, 2)))
  })

  test.each([
    ['seconds', () => '3600'],
    ['a date', (now: number) => new Date(now + HOUR).toUTCString()],
  ])('answers 429 with Retry-After as %s is left alone until then, with everything', async (_, retryAfter) => {
    const webhook = await office.subscribe(crm.url, ONE)
    crm.answer(response => response.writeHead(429, { 'Retry-After': retryAfter(office.now()) }).end())
    await office.happens('ada', signsUp('ada@example.com'))
    await office.settled()
    expect(await only(webhook)).toMatchObject({ state: 'waiting', nextAt: office.now() + HOUR })

    crm.answer(204)
    await office.happens('bob', signsUp('bob@example.com'))
    office.advance(HOUR - 1)
    await office.outbox.round()
    expect(crm.received, 'nothing goes out in the meantime').toHaveLength(1)
    office.advance(1)
    await office.settled()
    expect(crm.received).toHaveLength(3)
    expect((await office.deliveries(webhook)).map(({ state }) => state)).toEqual(['delivered', 'delivered'])
  })
})
