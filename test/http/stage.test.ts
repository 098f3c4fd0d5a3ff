import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY } from '../../shared/instant.ts'
import { MOVES, REASONS, REJECTIONS, STAGES } from '../../shared/stage.ts'
import { testCollector, wireEvent, type TestCollector } from '../collector.ts'
import { tell } from './tell.ts'

let collector: TestCollector
beforeAll(async () => {
  collector = await testCollector()
})
afterAll(() => collector.close())

let people = 0

/** Somebody who has become an MQL; the id. */
async function anMql(): Promise<string> {
  const visitor = `v${people++}`
  const email = `${visitor}@example.com`
  await collector.send({
    visitor,
    events: [
      wireEvent('page_view', { url: 'https://shop.example/', view: 'v1', seq: 0 }, 9_000),
      wireEvent('add_to_cart', { properties: { item_id: 'A1' } }, 8_000),
      wireEvent('file_download', { properties: { file_extension: 'pdf' } }, 7_000),
      wireEvent('form_submit', { properties: { form_kind: 'newsletter', traits: { email } } }, 6_000),
      wireEvent('add_to_wishlist', { properties: { item_id: 'A2' } }, 5_000),
    ],
  })
  const { data } = await collector.ask<{ data: { id: string; stage: string }[] }>(`/v1/leads?q=${email}`)
  expect(data).toMatchObject([{ stage: 'mql' }])
  return data[0]?.id ?? ''
}

interface Step {
  from: string
  to: string
  actor: string
  cause: string
  reason: string | null
  note: string | null
  model: number
  score: number
  quiet: boolean
  explanation: { score: number; rules: object[]; residual: number } | null
}
const stepsOf = async (id: string) => (await collector.ask<{ data: Step[] }>(`/v1/leads/${id}/transitions`)).data

describe('POST /v1/leads/:id/stage', () => {
  test('accepts an MQL, and says who did it and why the lead had come so far', async () => {
    const id = await anMql()
    const accepted = await tell(collector, `/v1/leads/${id}/stage`, { to: 'sql', note: 'Calls back on Monday' })
    expect(accepted).toMatchObject({ status: 200, body: { id, stage: 'sql' } })
    const steps = await stepsOf(id)
    const why = steps.at(-1)?.explanation
    expect(steps.at(-1)).toMatchObject({
      from: 'mql',
      to: 'sql',
      actor: 'key_admin',
      cause: 'manual',
      reason: null,
      note: 'Calls back on Monday',
      model: 1,
      quiet: false,
    })
    expect(why?.score).toBe(steps.at(-1)?.score)
    expect(why?.rules.length).toBeGreaterThan(2)
  })

  test('an explanation frozen at the hand-over stays as it was', async () => {
    const id = await anMql()
    const handOver = (await stepsOf(id)).find(({ to }) => to === 'mql')
    expect(handOver).toMatchObject({ actor: 'engine', cause: 'event', explanation: { score: handOver?.score } })
    collector.advance(DAY)
    const now = await collector.ask<{ score: number }>(`/v1/leads/${id}/score`)
    expect(now.score).not.toBe(handOver?.score)
    expect((await stepsOf(id)).find(({ to }) => to === 'mql')).toEqual(handOver)
  })

  test.each(REJECTIONS)('%s needs a reason of the list', async to => {
    const id = await anMql()
    const detail = `must be one of ${REASONS.join(', ')}`
    for (const reason of [undefined, null, '', 'busy', 7]) {
      expect(await tell(collector, `/v1/leads/${id}/stage`, { to, reason })).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '/reason', detail }] },
      })
    }
    expect(await tell(collector, `/v1/leads/${id}/stage`, { to, reason: 'no_budget' })).toMatchObject({
      status: 200,
      body: { stage: to },
    })
    expect((await stepsOf(id)).at(-1)).toMatchObject({ from: 'mql', to, reason: 'no_budget', explanation: null })
  })

  test('does not move where no move leads, and says where one does', async () => {
    const id = await anMql()
    const back = await tell(collector, `/v1/leads/${id}/stage`, { to: 'lead' })
    expect(back.status).toBe(409)
    expect(back.body['detail']).toBe(
      'A lead at mql cannot be moved to lead, only to sql, opportunity, customer, recycled or disqualified.',
    )
    expect((await tell(collector, `/v1/leads/${id}/stage`, { to: 'mql' })).body['detail']).toBe(
      'The lead is at mql already.',
    )
    expect(await stepsOf(id)).toHaveLength(2)
  })

  test('lists everything that is wrong', async () => {
    const id = await anMql()
    const { status, body } = await tell(collector, `/v1/leads/${id}/stage`, { to: 'vip', reason: 'x', why: 'so' })
    expect(status).toBe(422)
    expect((body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)).toEqual(['/to', '/reason', '/why'])
    expect((await tell(collector, `/v1/leads/${id}/stage`, [])).status).toBe(400)
    expect((await tell(collector, '/v1/leads/nobody/stage', { to: 'sql' })).status).toBe(404)
  })

  test('is for keys with scope admin', async () => {
    const id = await anMql()
    const key = collector.firstKey ?? ''
    expect((await tell(collector, `/v1/leads/${id}/stage`, { to: 'sql' }, { key })).status).toBe(403)
  })
})

describe('the table of moves', () => {
  test.each(STAGES)('from %s leads elsewhere, and to known stages', from => {
    expect(MOVES[from]).not.toContain(from)
    for (const to of MOVES[from]) expect(STAGES).toContain(to)
  })
  test('everybody but the disqualified can be disqualified, and nothing is the end', () => {
    for (const from of STAGES) expect(MOVES[from].includes('disqualified')).toBe(from !== 'disqualified')
    for (const from of STAGES) expect(MOVES[from]).not.toHaveLength(0)
  })
})

describe('/v1/leads/:id/override', () => {
  test('stands beside the score of the machine, until it ends', async () => {
    const id = await anMql()
    const { score } = await collector.ask<{ score: number }>(`/v1/leads/${id}`)
    const until = new Date(collector.now() + DAY).toISOString()
    const given = await tell(collector, `/v1/leads/${id}/override`, { score: 99, reason: 'Met at the fair', until })
    expect(given).toMatchObject({
      status: 200,
      body: { score, manual_score: { score: 99, author: 'key_admin', reason: 'Met at the fair', until } },
    })
    collector.advance(DAY)
    expect(await collector.ask(`/v1/leads/${id}`)).toMatchObject({ manual_score: null })
  })

  test('can be given again, and taken back', async () => {
    const id = await anMql()
    await tell(collector, `/v1/leads/${id}/override`, { score: 1, reason: 'A typing error' })
    expect((await tell(collector, `/v1/leads/${id}/override`, { score: 2, reason: 'So' })).body).toMatchObject({
      manual_score: { score: 2, until: null },
    })
    expect((await tell(collector, `/v1/leads/${id}/override`, {}, { method: 'DELETE' })).body).toMatchObject({
      manual_score: null,
    })
    expect((await tell(collector, `/v1/leads/${id}/override`, { score: '7' })).status).toBe(422)
  })
})

test('a lead that sales has left alone for too long is overdue', async () => {
  const id = await anMql()
  await tell(collector, `/v1/leads/${id}/stage`, { to: 'sql' })
  const overdue = async () => {
    const { data } = await collector.ask<{ data: { id: string }[] }>(
      '/v1/leads?stage=sql&overdue=true&sort=stage_since',
    )
    return data.some(lead => lead.id === id)
  }
  expect(await overdue()).toBe(false)
  collector.advance(DAY + 1)
  expect(await overdue()).toBe(true)
  await tell(collector, '/v1/sites/1', { follow_up_hours: 48 }, { method: 'PATCH' })
  expect(await overdue()).toBe(false)
  await tell(collector, '/v1/sites/1', { follow_up_hours: 24 }, { method: 'PATCH' })
  await tell(collector, `/v1/leads/${id}/stage`, { to: 'recycled', reason: 'timing' })
  expect(await overdue()).toBe(false)
})
