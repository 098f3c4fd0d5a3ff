import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shop } from '../../collector/scoring/starters/shop.ts'
import type { Model } from '../../shared/model.ts'
import { testCollector, wireEvent, type TestCollector } from '../collector.ts'
import { tell } from './tell.ts'

let collector: TestCollector
beforeAll(async () => {
  collector = await testCollector()
  await collector.send({ visitor: 'ada', events: [wireEvent('page_view', { url: 'https://shop.example/' }, 5_000)] })
})
afterAll(() => collector.close())

/** The shop's model, in which whoever comes is a lead, and the first visit is worth so many points. */
const generous = (points: number): Model => ({
  ...shop,
  name: `Generous ${points}`,
  rules: shop.rules.map(rule => (rule.id === 'visit' ? { ...rule, points, cap: 80 } : rule)),
  labels: [{ id: 'keen', score: 'total', gte: 30 }],
  stages: { ...shop.stages, lead: { event: 'page_view' } },
})

const draft = async (model: unknown) => tell(collector, '/v1/models', model)
const ada = async () => {
  const { data } = await collector.ask<{ data: { id: string; score: number; stage: string; model: number }[] }>(
    '/v1/leads',
  )
  return collector.ask<(typeof data)[number]>(`/v1/leads/${data[0]?.id}`)
}

describe('/v1/models', () => {
  test('begins with the starter, live', async () => {
    const { data } = await collector.ask<{ data: object[] }>('/v1/models')
    expect(data).toMatchObject([{ version: 1, name: shop.name, status: 'live', copy_of: null, author: null }])
    expect(await collector.ask('/v1/models/1')).toMatchObject({ version: 1, document: shop })
  })

  test('a draft is checked, kept, and scores nobody', async () => {
    const before = await ada()
    const { status, body } = await draft(generous(30))
    expect([status, body['status'], body['author']]).toEqual([201, 'draft', 'key_admin'])
    expect(await collector.ask(`/v1/models/${String(body['version'])}`)).toMatchObject({ document: generous(30) })
    expect(await ada()).toEqual(before)
  })

  test('a draft that is wrong is refused with the wrong places', async () => {
    const rules = [{ ...shop.rules[0], group: 'nowhere' }]
    expect(await draft({ ...shop, rules })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/rules/0/group' }] },
    })
    const answer = await fetch(`${collector.url}/v1/models`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${collector.firstKey}` },
      body: '{}',
    })
    expect(answer.status).toBe(403)
  })

  test('a dry run shows the difference and changes nothing; publishing does it; rolling back undoes it', async () => {
    const before = await ada()
    const version = Number((await draft(generous(40))).body['version'])
    const dry = await tell(collector, `/v1/models/${version}/publish?dry_run=true`)
    expect(dry.body).toMatchObject({
      from: 1,
      to: version,
      persons: 1,
      stages: { lead: { before: 0, after: 1, enter: { count: 1, leads: [before.id] }, leave: { count: 0 } } },
      labels: { keen: { enter: { count: 1, leads: [before.id] } } },
      scores: { risen: 1, fallen: 0, same: 0 },
    })
    expect(await ada()).toEqual(before)

    expect(await tell(collector, `/v1/models/${version}/publish`)).toMatchObject({ body: { version, status: 'live' } })
    expect(await ada()).toMatchObject({ stage: 'lead', model: version })
    const { data } = await collector.ask<{ data: object[] }>(`/v1/leads/${before.id}/transitions`)
    expect(data).toMatchObject([{ to: 'lead', cause: 'model', quiet: true, model: version }])

    const back = await tell(collector, '/v1/models/1/publish')
    expect(back.body).toMatchObject({ version: version + 1, copy_of: 1, status: 'live', name: shop.name })
    expect(await ada()).toMatchObject({ stage: 'lead', model: version + 1 })
  })

  test('whoever publishes may ask that others are told of it', async () => {
    await collector.send({ visitor: 'bob', events: [wireEvent('page_view')] })
    const { data } = await collector.ask<{ data: { id: string; stage: string }[] }>('/v1/leads?stage=visitor')
    const version = Number((await draft(generous(45))).body['version'])
    expect((await tell(collector, `/v1/models/${version}/publish?notify=true`)).status).toBe(200)
    expect(await collector.ask(`/v1/leads/${data[0]!.id}`)).toMatchObject({ stage: 'lead' })
    const steps = await collector.ask<{ data: object[] }>(`/v1/leads/${data[0]!.id}/transitions`)
    expect(steps.data).toMatchObject([{ to: 'lead', cause: 'model', quiet: false, model: version }])
  })

  test('the schema is published, and a document may name it', async () => {
    const address = `${collector.url}/model.schema.json`
    const answer = await fetch(address)
    expect(answer.headers.get('content-type')).toBe('application/schema+json')
    expect(await answer.json()).toMatchObject({
      title: 'Leadlight model',
      required: expect.arrayContaining(['rules']) as string[],
    })
    const { status, body } = await draft({ $schema: address, ...generous(20) })
    expect([status, body['document']]).toEqual([201, generous(20)])
  })

  test('what is live cannot be published, nor what is not there', async () => {
    const { data } = await collector.ask<{ data: { version: number; status: string }[] }>('/v1/models')
    const live = data.find(({ status }) => status === 'live')?.version
    expect((await tell(collector, `/v1/models/${live}/publish`)).status).toBe(409)
    for (const version of ['99', '0', 'x', '1.5', '-1'])
      expect((await tell(collector, `/v1/models/${version}/publish`)).status).toBe(404)
    expect((await tell(collector, '/v1/models/1/publish?dry_run=maybe')).status).toBe(400)
  })
})

describe('GET /v1/leads/:id/score?model=', () => {
  test('explains under any version, also a draft, and names events of the timeline', async () => {
    const { id } = await ada()
    const version = Number((await draft(generous(50))).body['version'])
    const under = (model: number) =>
      collector.ask<{ model: number; score: number; rules: { events: { id: string }[] }[] }>(
        `/v1/leads/${id}/score?model=${model}`,
      )
    expect(await under(version)).toMatchObject({ model: version, score: 40 })
    expect((await under(1)).score).toBeLessThan(20)
    const timeline = await collector.ask<{ data: { id: string }[] }>(`/v1/leads/${id}/timeline`)
    const ids = (await under(version)).rules.flatMap(({ events }) => events.map(event => event.id))
    expect(ids).toEqual(timeline.data.map(event => event.id))
    await expect(under(99)).rejects.toThrow('404')
  })
})
