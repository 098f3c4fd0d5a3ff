import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN_KEY, PERSON, testCollector, wireEvent, type TestCollector } from '../collector.ts'
import type { Plant } from '../faults/plant.ts'
import { serve, writeKeyOf } from '../faults/process.ts'

let collector: TestCollector
beforeAll(async () => {
  collector = await testCollector({ '--visitor-rate': '0', '--address-rate': '0' })
})
afterAll(() => collector.close())

const asAdmin = { Authorization: `Bearer ${ADMIN_KEY}` }

function call(method: string, path: string, body?: unknown): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return fetch(collector.url + path, { method, headers: asAdmin, ...(body !== undefined && { body: text }) })
}

const json = async <Answer = Record<string, unknown>>(answer: Promise<Response>): Promise<Answer> =>
  (await (await answer).json()) as Answer

const leadOf = async (email: string) =>
  (await collector.ask<{ data: { id: string; stage: string }[] }>(`/v1/leads?q=${email}`)).data[0]

const wordOf = (length: number) =>
  Array.from({ length }, () => 'abcdefghijklmnop'[Math.floor(Math.random() * 16)]).join('')

/** A text in every way that it may stand in a file; a UUID as its bytes and its digits as well. */
function spellings(text: string): Buffer[] {
  const isUuid = /^[0-9a-f-]{36}$/.test(text)
  const digits = text.replaceAll('-', '')
  const texts = [text, text.toUpperCase(), ...(isUuid ? [digits, digits.toUpperCase()] : [])]
  return [
    ...texts.flatMap(one => [
      Buffer.from(one, 'utf8'),
      Buffer.from(one, 'utf16le'),
      Buffer.from(one, 'utf16le').swap16(),
    ]),
    ...(isUuid ? [Buffer.from(digits, 'hex')] : []),
  ]
}

/** Which of some texts the folder of the database holds, and where. */
function found(texts: string[]): string[] {
  const folder = dirname(collector.databaseUrl.replace('file:', ''))
  return readdirSync(folder).flatMap(name => {
    const bytes = readFileSync(join(folder, name))
    return texts
      .filter(text => spellings(text).some(spelling => bytes.includes(spelling)))
      .map(text => `${name}: ${text}`)
  })
}

/** Somebody with everything that can be kept of a person, and all by which they could be found. */
async function somebody() {
  const email = `${wordOf(12)}@${wordOf(8)}.example`
  const [visitor, phone, user] = [crypto.randomUUID(), crypto.randomUUID(), `user-${wordOf(14)}`]
  const company = wordOf(16)
  const events = [
    wireEvent('page_view', { url: `https://shop.example/${wordOf(20)}` }),
    ...Array.from({ length: 30 }, () => wireEvent('add_to_cart', { properties: { item_id: wordOf(18) } })),
    wireEvent('identify', { properties: { user_id: user, traits: { email, company } } }),
  ]
  const again = [wireEvent('page_view'), wireEvent('identify', { properties: { traits: { email, name: wordOf(15) } } })]
  const bad = { id: 'no uuid', type: 'x', properties: { email } }
  await collector.send({ visitor, events: [...events, bad] })
  await collector.send({ visitor: phone, events: again })
  for (let n = 0; n < 10; n++)
    await collector.send({ visitor, events: [wireEvent('page_view', { title: wordOf(150) })] })
  const { id } = (await leadOf(email))!
  await call('POST', `/v1/leads/${id}/override`, { score: 3, reason: `knows ${email}` })
  await call('POST', `/v1/leads/${id}/stage`, { to: 'sql', note: `call ${email}` })
  await call('POST', '/v1/outcomes', { email, result: 'won', value: 5, reference: `deal-${wordOf(10)}` })
  const former = await collector.ask<{ former_ids: string[] }>(`/v1/leads/${id}/export`)
  const texts = [
    email,
    email.split('@')[0]!,
    visitor,
    phone,
    user,
    company,
    id,
    ...former.former_ids,
    ...[...events, ...again].map(event => event.id),
  ]
  return { email, visitor, phone, user, id, texts, events, again }
}

/** Others, so that pages are shared, split and joined. */
async function crowd(): Promise<void> {
  for (let n = 0; n < 60; n++) {
    const visitor = crypto.randomUUID()
    const traits = { email: `${visitor}@example.com`, note: wordOf(200) }
    await collector.send({
      visitor,
      events: [wireEvent('page_view', { title: wordOf(100) }), wireEvent('identify', { properties: { traits } })],
    })
  }
}

/** All that a collector says, to its log and to the terminal, while somebody comes, is refused, looked for and erased. */
async function logged(plants: Plant[] = []) {
  const folder = mkdtempSync(join(tmpdir(), 'leadlight-log-'))
  const running = serve(join(folder, 'test.db'), { plants, env: { LEADLIGHT_LOG_LEVEL: 'debug' } })
  try {
    const url = await running.ready
    const ask = (method: string, path: string, body?: string): Promise<Response> =>
      fetch(url + path, { method, headers: { ...asAdmin, Origin: url, 'User-Agent': PERSON }, ...(body && { body }) })
    const key = writeKeyOf(join(folder, 'test.db'))
    // Short enough to stand whole in an excerpt.
    const [visitor, email] = [crypto.randomUUID(), `${wordOf(2)}@${wordOf(2)}.no`]
    const identify = wireEvent('identify', { properties: { traits: { email } } })
    const batch = (facts: object) =>
      JSON.stringify({ v: 1, key, visitor, sent_at: Date.now(), events: [identify], ...facts })
    for (const bad of [
      email,
      `{"visitor": ${email}}`,
      `${batch({})} ${email}`,
      batch({ key: email }),
      batch({ visitor: [email] }),
      batch({ v: email, sent_at: email, consent: email, events: email }),
      batch({ events: [{ ...identify, id: email }, { ...identify, at: email }, email] }),
      batch({ consent: 'denied' }),
    ])
      await ask('POST', '/e', bad)
    await ask('POST', '/e', batch({}))
    const { data } = (await (await ask('GET', `/v1/leads?q=${email}`)).json()) as { data: { id: string }[] }
    const { id } = data[0]!
    for (const path of [`/v1/leads/${id}`, `/v1/leads/${email}`, `/${email}`, `/leads?q=${email}`, `/e/${email}`])
      await ask('GET', path)
    await ask('POST', `/v1/leads/${id}/stage`, JSON.stringify({ to: email }))
    await ask('POST', '/v1/import', `{"kind": "person", "email": "${email}"\n${email}`)
    await ask('POST', '/v1/outcomes', JSON.stringify({ email, result: email }))
    expect((await ask('DELETE', `/v1/leads/${id}`)).status).toBe(200)
    running.child.kill('SIGTERM')
    expect(await running.end).toBe(0)
    const { out, err } = running.said
    return { texts: [email, visitor, id, identify.id], said: out + err }
  } finally {
    running.child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

describe('erasing', () => {
  test('leaves nothing in the database, its log, or an export: neither as text nor as bytes', async () => {
    await crowd()
    const person = await somebody()
    await crowd()
    expect(found(person.texts).length).toBeGreaterThan(20)
    const answer = await json(call('DELETE', `/v1/leads/${person.id}`))
    expect(answer).toEqual({
      erased: true,
      events: person.events.length + person.again.length + 10,
      visitors: 2,
      overwritten: true,
    })
    expect(found(person.texts)).toEqual([])
    const everything = await (await call('GET', '/v1/export')).text()
    expect(person.texts.filter(text => everything.toLowerCase().includes(text))).toEqual([])
    expect((await call('GET', `/v1/leads/${person.id}`)).status).toBe(404)
    expect((await call('DELETE', `/v1/leads/${person.id}`)).status).toBe(404)
    expect(collector.faults).toEqual([])
  })

  test('a late retry is dropped and says so; what happens from then on is somebody new', async () => {
    const person = await somebody()
    await call('DELETE', `/v1/leads/${person.id}`)
    const bad = { id: 'no uuid', type: 'x' }
    const late = await json<{ accepted: number; dropped: object[] }>(
      collector.send({ visitor: person.visitor, events: [...person.events.slice(0, 2), bad] }),
    )
    expect(late).toMatchObject({
      accepted: 0,
      dropped: [0, 1, 2].map(index => ({ index, reason: 'erased' })),
    })
    const elsewhere = await json(collector.send({ visitor: 'another', events: [person.again[1]!] }))
    expect(elsewhere).toMatchObject({ accepted: 0, dropped: [{ index: 0, reason: 'erased' }] })
    collector.advance(1_000)
    const fresh = { ...wireEvent('page_view'), at: collector.now() }
    const next = await json(collector.send({ visitor: person.visitor, sent_at: collector.now(), events: [fresh] }))
    expect(next).toMatchObject({ accepted: 1, dropped: [] })
  })

  test('a second import of the same history brings nobody back', async () => {
    const person = await somebody()
    const everything = await (await call('GET', '/v1/export')).text()
    await call('DELETE', `/v1/leads/${person.id}`)
    const { rejected } = await json<{ rejected: number }>(call('POST', '/v1/import', everything))
    expect(rejected).toBeGreaterThan(person.events.length)
    const crm = { kind: 'person', email: person.email, traits: { company: 'Berg' } }
    expect(await json(call('POST', '/v1/import', JSON.stringify(crm)))).toMatchObject({
      rejected: 1,
      rejects: [{ line: 1, reason: 'person: was erased, and this is of their past' }],
    })
    expect(await leadOf(person.email)).toBeUndefined()
    expect(found(person.texts)).toEqual([])
  })

  test('need not care for logs: at their most talkative they name nobody', async () => {
    const { texts, said } = await logged()
    expect(said).toContain('"route":"/v1/leads/:id"')
    expect(texts.filter(text => said.toLowerCase().includes(text))).toEqual([])
  })

  test('with a log that tells addresses the search finds them there', async () => {
    const { texts, said } = await logged([
      { module: 'collector/http/app', find: 'route: routePath(c, -1)', replace: 'route: c.req.url' },
    ])
    expect(texts.filter(text => said.toLowerCase().includes(text)).length).toBeGreaterThan(1)
  })
})

test('a person gets everything that is kept of them', async () => {
  const person = await somebody()
  const whole = await collector.ask(`/v1/leads/${person.id}/export`)
  const text = JSON.stringify(whole)
  expect(person.texts.filter(one => !text.includes(one))).toEqual([])
  expect(Object.keys(whole)).toEqual(
    expect.arrayContaining(['lead', 'identifiers', 'visitors', 'transitions', 'outcomes', 'events', 'score']),
  )
  expect(whole['quarantined']).toMatchObject([{ visitor: person.visitor, raw: expect.stringContaining(person.email) }])
})

describe('outcomes', () => {
  test('by id, e-mail address or user id; the same again changes nothing; who was won is a customer', async () => {
    const person = await somebody()
    const deal = {
      user_id: person.user,
      result: 'won',
      at: '2026-01-02T03:04:05Z',
      value: 7,
      currency: 'eur',
      reference: 'd-1',
    }
    const first = await call('POST', '/v1/outcomes', deal)
    expect([first.status, await first.json()]).toMatchObject([
      201,
      { id: person.id, currency: 'EUR', stage: 'customer', duplicate: false },
    ])
    const second = await call('POST', '/v1/outcomes', { ...deal, user_id: undefined, email: person.email })
    expect([second.status, await second.json()]).toMatchObject([200, { duplicate: true }])
    expect((await call('POST', '/v1/outcomes', { id: person.id, result: 'lost' })).status).toBe(201)
    const steps = await collector.ask<{ data: { to: string }[] }>(`/v1/leads/${person.id}/transitions`)
    expect(steps.data.filter(({ to }) => to === 'customer')).toHaveLength(1)
  })

  test.each([
    [{ email: 'nobody@example.com', result: 'won' }, 404],
    [{ id: 'nobody', result: 'won' }, 404],
    [{ result: 'won' }, 422],
    [{ email: 'a@example.com', id: 'x', result: 'won' }, 422],
    [{ email: 'no address', result: 'won' }, 422],
    [{ email: 'a@example.com', result: 'maybe' }, 422],
  ])('%j: %i', async (body, status) => {
    expect((await call('POST', '/v1/outcomes', body)).status).toBe(status)
  })
})
