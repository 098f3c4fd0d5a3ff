import { afterAll, beforeAll, expect, test } from 'vitest'
import { DAY } from '../../shared/instant.ts'
import { testCollector, wireEvent, type TestCollector } from '../collector.ts'
import { csrfOf, signIn, type Visitor } from './browserless.ts'

let collector: TestCollector
let someone: Visitor
beforeAll(async () => {
  collector = await testCollector()
  someone = await signIn(collector)
})
afterAll(() => collector.close())

let visitors = 0

/** A new MQL; its id. */
async function newLead(traits: Record<string, string> = {}): Promise<string> {
  const email = `ada${++visitors}@example.com`
  await collector.send({
    visitor: `v${visitors}`,
    events: [
      wireEvent('page_view', { url: 'https://shop.example/', title: 'Shop' }, 9_000),
      wireEvent('add_to_cart', { properties: { item_id: 'A1', item_name: 'Klokke' } }, 8_000),
      wireEvent('add_to_cart', { properties: { item_id: 'A2' } }, 7_000),
      wireEvent('form_submit', { properties: { form_kind: 'newsletter', traits: { email, ...traits } } }, 6_000),
    ],
  })
  const { data } = await collector.ask<{ data: { id: string }[] }>(`/v1/leads?q=${email}`)
  return data[0]!.id
}

const tenths = (text: string): number => Math.round(Number(text.replaceAll(/[^\d.-]/g, '')) * 10)

/** Sends one of the forms of a lead's page. */
async function send(id: string, verb: string, fields: Record<string, string>) {
  const { text } = await someone.get(`/leads/${id}`)
  return someone.post(`/leads/${id}/${verb}`, { csrf: csrfOf(text), back: `/leads/${id}`, ...fields })
}

test('every event that gave points is led to', async () => {
  const id = await newLead()
  const { text } = await someone.get(`/leads/${id}`)
  const links = [...text.matchAll(/href="[^"]*#(e-[0-9a-f-]+)"/g)].map(([, anchor]) => anchor)
  expect(links.length).toBeGreaterThan(2)
  for (const anchor of links) expect(text).toContain(`id="${anchor}"`)
})

test('a rejection needs a reason, and is told', async () => {
  const id = await newLead()
  expect((await send(id, 'stage', { to: 'disqualified' })).status).toBe(422)
  const answer = await send(id, 'stage', { to: 'disqualified', reason: 'no_budget', note: 'next year' })
  expect([answer.status, answer.location]).toEqual([303, `/leads/${id}`])
  const { text } = await someone.get(`/leads/${id}`)
  for (const told of ['role="status"', 'No budget', 'next year', 'admin']) expect(text).toContain(told)
  expect((await someone.get(`/leads/${id}`)).text).not.toContain('role="status"')
})

test('a score by hand stands beside the machine’s, until it is taken back', async () => {
  const id = await newLead()
  const given = async () =>
    (await collector.ask<{ manual_score: { score: number } | null }>(`/v1/leads/${id}`)).manual_score?.score
  await send(id, 'override', { score: '77.5', reason: 'met at a fair' })
  expect(await given()).toBe(77.5)
  await send(id, 'override/end', {})
  expect(await given()).toBeUndefined()
})

test('two persons are joined, and parted again', async () => {
  const [one, two] = [await newLead(), await newLead()]
  const joined = await send(one, 'merge', { id: two })
  const stays = joined.location!.split('/').at(-1)!
  const former = stays === one ? two : one
  expect((await someone.get(`/leads/${former}`)).text).toContain(`<option>${former}</option>`)
  await send(stays, 'unmerge', { id: former })
  expect((await collector.ask<{ id: string }>(`/v1/leads/${former}`)).id).toBe(former)
})

test('profiling is stopped, and resumed', async () => {
  const id = await newLead()
  const score = async () => (await collector.ask<{ score: number | null }>(`/v1/leads/${id}`)).score
  await send(id, 'stop_profiling', {})
  expect(await score()).toBeNull()
  expect((await someone.get(`/leads/${id}`)).text).toContain('objected to profiling')
  await send(id, 'resume_profiling', {})
  expect(await score()).toBeGreaterThan(0)
})

test('everything that is kept can be taken along; a person is erased by whoever is sure', async () => {
  const id = await newLead()
  const { text } = await someone.get(`/v1/leads/${id}/export`)
  expect((JSON.parse(text) as { events: unknown[] }).events).toHaveLength(4)
  expect((await send(id, 'erase', {})).status).toBe(422)
  expect((await send(id, 'erase', { sure: 'yes' })).location).toBe('/leads')
  expect((await someone.get(`/leads/${id}`)).status).toBe(404)
})

test('a question about leads is kept under a name', async () => {
  const { text } = await someone.get('/leads?stage=mql&score_gte=20')
  const csrf = csrfOf(text)
  const saved = await someone.post('/leads/views', { csrf, name: 'Warm <b>MQLs</b>', query: 'stage=mql&score_gte=20' })
  expect(saved.location).toBe('/leads?stage=mql&score_gte=20')
  const shown = (await someone.get('/leads?score_gte=20&stage=mql')).text
  expect(shown).toMatch(/aria-current="page"\s*>Warm &lt;b&gt;MQLs&lt;\/b&gt;<\/a/)
  expect((await someone.post('/leads/views', { csrf, name: 'x', query: 'stage=vip' })).status).toBe(400)
  const remove = /action="(\/leads\/views\/\d+\/remove)"/.exec(shown)![1]!
  await someone.post(remove, { csrf })
  expect((await someone.get('/leads')).text).not.toContain('Warm')
})

test('a list is taken along as CSV, with the same people', async () => {
  const id = await newLead()
  const { text } = await someone.get('/leads?stage=mql,lead&sort=-score&limit=1')
  const href = /href="(\/v1\/leads\.csv[^"]*)"/.exec(text)![1]!.replaceAll('&amp;', '&')
  const { status, text: csv } = await someone.get(href)
  expect([status, csv.includes(id)]).toEqual([200, true])
})

test('whoever is signed in may read the API, and change nothing by it', async () => {
  expect((await someone.get('/v1/leads')).status).toBe(200)
  const id = await newLead()
  expect((await someone.post(`/v1/leads/${id}/stage`, {})).status).toBe(401)
})

test('the points of a lead add up, as they are shown, to the score as it is shown', async () => {
  const id = await newLead({ company: 'Acme' })
  for (let days = 0; days < 12; days += 2) {
    const { text } = await someone.get(`/leads/${id}`)
    const table = /<table class="why">(.*?)<\/table>/s.exec(text)![1]!
    const [body = '', foot = ''] = table.split('<tfoot>')
    const cells = (part: string) =>
      [...part.matchAll(/<td class="number"[^>]*>([^<]*)<\/td>/g)].map(([, cell = '']) => tenths(cell))
    const points = cells(body)
    expect(points.length).toBeGreaterThan(3)
    expect(points.reduce((sum, part) => sum + part, 0)).toBe(cells(foot)[0])
    const { score } = await collector.ask<{ score: number }>(`/v1/leads/${id}/score`)
    expect(Math.abs(cells(foot)[0]! - score * 10)).toBeLessThan(0.6)
    collector.advance(2 * DAY)
  }
})
