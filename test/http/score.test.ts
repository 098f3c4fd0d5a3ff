import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StoredEvent } from '../../shared/event.ts'
import { DAY } from '../../shared/instant.ts'
import type { Model } from '../../shared/model.ts'
import type { Explanation } from '../../shared/score.ts'
import { ADMIN_KEY, testCollector, type TestCollector } from '../collector.ts'
import { anyModel, history } from '../scoring/arbitrary.ts'
import { answer } from '../scoring/reference.ts'
import { uuidv7 } from '../../shared/uuid.ts'
import { tell } from './tell.ts'

const SEED = 20_261_101
const PERSONS = 40

let collector: TestCollector
const models: Model[] = []
const people: { id: string; events: StoredEvent[]; recycledAt: number | null }[] = []

let minted = 0
const newId = (at: number) =>
  uuidv7(
    at,
    Uint8Array.from({ length: 10 }, (_, i) => (minted++ * 13 + i) % 256),
  )

/** A history sent as it came: in no order, from two browsers and a server, some of it twice. */
async function arrive(name: string, events: readonly StoredEvent[]): Promise<void> {
  const sent = events.map(({ type, at, visitor, view, url, properties }) => {
    const traits = properties['traits'] as Record<string, unknown> | undefined
    const own = traits?.['email'] ? { ...properties, traits: { ...traits, email: `${name}@example.com` } } : properties
    return { visitor: `${name}-${visitor}`, event: { id: newId(at), type, at, view, url, properties: own } }
  })
  for (const { visitor, event } of [...sent, ...sent.slice(0, 3)]) {
    const headers = { Authorization: `Bearer ${ADMIN_KEY}` }
    expect((await collector.send({ visitor, events: [event] }, headers)).status).toBe(202)
  }
}

/** The events of a person as the timeline tells them, page by page. */
async function timeline(id: string): Promise<StoredEvent[]> {
  const events: StoredEvent[] = []
  for (let after = ''; ;) {
    const page = await collector.ask<{ data: (StoredEvent & { at: string })[]; paging: { next?: { after: string } } }>(
      `/v1/leads/${id}/timeline?limit=7${after}`,
    )
    for (const { at, touch, ...event } of page.data) {
      const came = touch && { touch: { ...touch, at: Date.parse(touch.at as unknown as string) } }
      events.push({ ...event, at: Date.parse(at), ...came })
    }
    if (!page.paging.next) return events
    after = `&after=${page.paging.next.after}`
  }
}

beforeAll(async () => {
  collector = await testCollector()
  models.push(...fc.sample(anyModel, { numRuns: 3, seed: SEED }))
  const histories = fc.sample(
    history.filter(events => events.length > 5),
    { numRuns: PERSONS, seed: SEED },
  )
  const publish = async (model: Model) => {
    const { body } = await tell(collector, '/v1/models', model)
    const version = Number(body['version'])
    expect((await tell(collector, `/v1/models/${version}/publish`)).status).toBe(200)
    return version
  }
  expect(await publish(models[0]!)).toBe(2)
  for (const [index, events] of histories.slice(0, PERSONS / 2).entries()) await arrive(`p${index}`, events)
  expect(await publish(models[1]!)).toBe(3)
  for (const [index, events] of histories.slice(PERSONS / 2).entries()) await arrive(`q${index}`, events)
  expect((await tell(collector, '/v1/models', models[2]!)).body['version']).toBe(4)

  type Leads = { data: { id: string; stage: string; email: string | null }[] }
  const { data: leads } = await collector.ask<Leads>('/v1/leads?limit=500')
  const anonymous = leads.filter(({ email }) => email === null)
  for (const [index, { id }] of anonymous.entries()) {
    const other = leads.find(lead => lead.email !== null && lead !== anonymous[index])
    if (index % 3 === 0 && other)
      expect((await tell(collector, `/v1/leads/${id}/merge`, { id: other.id })).status).toBe(200)
  }
  let recycled = 0
  for (const { id } of (await collector.ask<Leads>('/v1/leads?limit=500')).data) {
    const { body } = recycled < 8 ? await tell(collector, `/v1/leads/${id}/stage`, RECYCLE) : { body: {} }
    const recycledAt = 'recycled_at' in body ? Date.parse(String(body['recycled_at'])) : null
    if (recycledAt !== null) recycled++
    people.push({ id, events: await timeline(id), recycledAt })
  }
  expect(recycled).toBe(8)
  expect(people.length).toBeGreaterThan(PERSONS)
})
afterAll(() => collector.close())

const RECYCLE = { to: 'recycled', reason: 'timing' }

type Score = Omit<Explanation, 'at' | 'coolsAt'> & { at: string; cools_at: string | null }
const ask = (id: string, at: number, model: number) =>
  collector.ask<Score>(`/v1/leads/${id}/score?at=${new Date(at).toISOString()}&model=${model}`)

test('GET /v1/leads/:id/score is the replay, at any instant under any version, and names the events', async () => {
  let rows = 0
  for (const { id, events } of people) {
    const times = events.map(({ at }) => at)
    const [first, last] = [Math.min(...times), Math.max(...times)]
    const known = new Set(events.map(event => event.id))
    const instants = [
      first - 1,
      first,
      Math.floor((first + last) / 2),
      last,
      collector.now(),
      collector.now() + 40 * DAY,
    ]
    for (const [index, at] of instants.entries()) {
      const version = 2 + ((index + events.length) % 3)
      const told = await ask(id, at, version)
      const right = answer(models[version - 2]!, events, at)
      expect([Date.parse(told.at), told.model]).toEqual([at, version])
      expect(told.score).toBeCloseTo(right.scores.total, 9)
      expect(told.engagement).toBeCloseTo(right.scores.engagement, 9)
      expect(told.fit).toBeCloseTo(right.scores.fit, 9)
      expect(Math.abs(told.residual)).toBeLessThanOrEqual(1e-9)
      for (const [rule, points] of right.rules)
        expect(told.rules.find(row => row.rule === rule)?.points ?? 0).toBeCloseTo(points, 9)
      for (const event of told.rules.flatMap(rule => rule.events)) {
        rows++
        expect(known).toContain(event.id)
        expect(Date.parse(event.at as unknown as string)).toBe(events.find(({ id: own }) => own === event.id)?.at)
      }
    }
  }
  expect(rows).toBeGreaterThan(200)
})

test('what is missing and when it cools follow where the lead stands', async () => {
  for (const { id, recycledAt } of people) {
    const lead = await collector.ask<{ stage: string; recycled_at: string | null; cools_at: string | null }>(
      `/v1/leads/${id}`,
    )
    const told = await ask(id, collector.now(), 3)
    if (recycledAt !== null && lead.stage === 'recycled') {
      expect(told.cools_at).toBeNull()
      expect(told.missing?.stage).toBe('mql')
      expect(Date.parse(String(lead.recycled_at))).toBe(recycledAt)
    } else if (lead.stage === 'mql') expect(told.missing).toBeNull()
    if (Math.abs(Date.parse(told.cools_at ?? '') - Date.parse(lead.cools_at ?? '')) > 0)
      throw new Error(`${id} cools at ${told.cools_at}, the list says ${lead.cools_at}`)
  }
})
