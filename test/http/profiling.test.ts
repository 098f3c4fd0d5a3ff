import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MINUTE } from '../../shared/instant.ts'
import { testCollector, wireEvent, type TestCollector } from '../collector.ts'
import { tell } from './tell.ts'

let collector: TestCollector
beforeAll(async () => {
  collector = await testCollector()
})
afterAll(() => collector.close())

const NO_SCORE = { score: null, engagement: null, fit: null, grade: null }
let people = 0

/** Somebody with an e-mail address and some points, in a browser of their own. */
async function somebody(): Promise<{ visitor: string; id: string; score: number }> {
  const visitor = `v${people++}`
  const traits = { email: `${visitor}@example.com` }
  await collector.send({ visitor, consent: 'granted', events: [wireEvent('page_view', {}, 9_000)] })
  await collector.send({ visitor, events: [wireEvent('identify', { properties: { traits } }, 8_000)] })
  const { data } = await collector.ask<{ data: { id: string; score: number }[] }>(`/v1/leads?q=${traits.email}`)
  return { visitor, id: data[0]!.id, score: data[0]!.score }
}

const lead = (id: string) => collector.ask(`/v1/leads/${id}`)
const fastTrack = () => wireEvent('request_quote', { properties: { form_kind: 'quote' } })

describe('withdrawn consent', () => {
  test('ends the score at once, with the reason; the stage and what is known stay', async () => {
    const { visitor, id, score } = await somebody()
    expect(score).toBeGreaterThan(0)
    const before = new Date(collector.now() - MINUTE / 60).toISOString()
    collector.advance(MINUTE)
    const answer = await collector.send({ visitor, consent: 'denied', events: [] })
    expect([answer.status, await answer.json()]).toMatchObject([202, { accepted: 0, dropped: [] }])
    const after = await lead(id)
    const stopped = { reason: 'consent_withdrawn', at: expect.stringMatching(/Z$/) as string }
    expect(after).toMatchObject({ ...NO_SCORE, stage: 'lead', profiling_stopped: stopped })
    expect(after).toMatchObject({ email: `${visitor}@example.com`, labels: [], top_reasons: [], cools_at: null })
    expect(await collector.ask(`/v1/leads/${id}/score`)).toMatchObject({ ...NO_SCORE, rules: [], missing: null })
    expect(await collector.ask(`/v1/leads/${id}/score?at=${before}`)).toMatchObject({ profiling_stopped: null })
    expect((await collector.ask<{ score: number }>(`/v1/leads/${id}/score?at=${before}`)).score).toBeGreaterThan(0)
  })

  test('moves nobody any more, whatever they do', async () => {
    const { visitor, id } = await somebody()
    await collector.send({ visitor, consent: 'denied', events: [wireEvent('page_view')] })
    collector.advance(MINUTE)
    const events = [fastTrack(), ...Array.from({ length: 9 }, () => wireEvent('add_to_cart'))]
    expect(await (await collector.send({ visitor, events })).json()).toMatchObject({ accepted: 10 })
    expect(await lead(id)).toMatchObject({ ...NO_SCORE, stage: 'lead', candidate_since: null })
    const { data } = await collector.ask<{ data: { to: string }[] }>(`/v1/leads/${id}/transitions`)
    expect(data.map(({ to }) => to)).toEqual(['lead'])
  })

  test('counts for the person in every browser, and through a merge and its undoing', async () => {
    const [ada, bob] = [await somebody(), await somebody()]
    await collector.send({ visitor: bob.visitor, consent: 'denied', events: [] })
    const merged = await tell(collector, `/v1/leads/${ada.id}/merge`, { id: bob.id })
    expect(merged.status).toBe(200)
    expect(await lead(ada.id)).toMatchObject(NO_SCORE)
    const former = (await lead(ada.id))['id'] === ada.id ? bob.id : ada.id
    await tell(collector, `/v1/leads/${ada.id}/unmerge`, { id: former })
    expect(await lead(bob.id)).toMatchObject(NO_SCORE)
    expect((await lead(ada.id))['score']).toBeGreaterThan(0)
  })

  test('is outweighed by a consent that the same browser gives later, and by no earlier one that is late', async () => {
    const { visitor, id, score } = await somebody()
    const early = collector.now()
    collector.advance(MINUTE)
    await collector.send({ visitor, consent: 'denied', events: [] })
    await collector.send({ visitor, consent: 'granted', sent_at: early, events: [wireEvent('page_view')] })
    expect(await lead(id)).toMatchObject(NO_SCORE)
    collector.advance(MINUTE)
    await collector.send({ visitor, consent: 'granted', events: [wireEvent('add_to_wishlist')] })
    expect(await lead(id)).toMatchObject({ profiling_stopped: null })
    expect((await lead(id))['score']).toBeGreaterThan(score)
  })

  test('is outweighed by a new browser that consents and is then recognised, and not by one from before', async () => {
    const { visitor, id } = await somebody()
    const identify = () => wireEvent('identify', { properties: { traits: { email: `${visitor}@example.com` } } })
    await collector.send({ visitor: `${visitor}-old`, consent: 'granted', events: [wireEvent('page_view')] })
    collector.advance(MINUTE)
    await collector.send({ visitor, consent: 'denied', events: [] })
    collector.advance(MINUTE)
    await collector.send({ visitor: `${visitor}-old`, consent: 'granted', events: [identify()] })
    expect(await lead(id)).toMatchObject(NO_SCORE)
    await collector.send({ visitor: `${visitor}-new`, consent: 'granted', events: [wireEvent('page_view')] })
    await collector.send({ visitor: `${visitor}-new`, consent: 'granted', events: [identify()] })
    expect(await lead(id)).toMatchObject({ profiling_stopped: null, visits: 3 })
  })

  test('of a browser that nobody knows makes nobody', async () => {
    const { data } = await collector.ask<{ data: object[] }>('/v1/leads?limit=500')
    expect((await collector.send({ visitor: 'stranger', consent: 'denied', events: [] })).status).toBe(202)
    expect((await collector.ask<{ data: object[] }>('/v1/leads?limit=500')).data).toHaveLength(data.length)
  })
})

describe('/v1/leads/:id/stop_profiling', () => {
  test('heeds an objection until it is taken back; a consent does not lift it', async () => {
    const { visitor, id, score } = await somebody()
    const stopped = await tell(collector, `/v1/leads/${id}/stop_profiling`)
    expect(stopped).toMatchObject({ status: 200, body: { ...NO_SCORE, profiling_stopped: { reason: 'objection' } } })
    collector.advance(MINUTE)
    await collector.send({ visitor, consent: 'granted', events: [] })
    await collector.send({ visitor, consent: 'granted', events: [wireEvent('page_view')] })
    expect(await lead(id)).toMatchObject(NO_SCORE)
    const back = await tell(collector, `/v1/leads/${id}/stop_profiling`, {}, { method: 'DELETE' })
    expect(back).toMatchObject({ status: 200, body: { profiling_stopped: null } })
    expect(back.body['score'] as number).toBeGreaterThan(score - 0.01)
  })

  test('takes no body, and refuses other reasons and other keys', async () => {
    const { id } = await somebody()
    const path = `/v1/leads/${id}/stop_profiling`
    expect((await tell(collector, path, { reason: 'bored' })).status).toBe(422)
    expect((await tell(collector, path, {}, { key: collector.firstKey ?? '' })).status).toBe(403)
    const bare = await fetch(collector.url + path, {
      method: 'POST',
      headers: { Authorization: 'Bearer sk_test_0123456789abcdefghij' },
    })
    expect(bare.status).toBe(200)
  })
})
