import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { ADMIN_KEY, PERSON, wireEvent } from '../collector.ts'
import type { Plant } from '../faults/plant.ts'
import { serve, writeKeyOf } from '../faults/process.ts'

/** What must be in no line: what the collector is handed of a visitor, in every place where it may stand. */
const PRIVATE = {
  address: '203.0.113.77',
  address6: '2001:db8:77:88::99',
  email: 'ada.lovelace@example.com',
  visitor: 'visitor-7c1f',
  user: 'customer-5582',
  query: 'search-for-a-lamp',
  path: 'letter-to-ada',
  trait: 'Analytical Engines',
  agent: 'Ada-Browser',
  referrer: 'mail.private.example',
  name: 'Byron7',
}
const { address, address6, email, visitor, user, query, path, trait, agent, referrer, name } = PRIVATE

/** A bug that some events hit, whose message says what it was about. */
const POISON: Plant = {
  module: 'collector/store/sqlite/events',
  find: 'const { changes } = insert.run(',
  replace: `if (event.type === 'poison') throw new TypeError('poison')
      const { changes } = insert.run(`,
}

/** Everything that a collector at its most talkative said while strangers sent all of that, well-formed and not. */
async function overheard(plants: Plant[] = []): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'leadlight-log-'))
  const file = join(folder, 'test.db')
  const env = { LEADLIGHT_LOG_LEVEL: 'debug', LEADLIGHT_TRUST_PROXY: '127.0.0.1', LEADLIGHT_VISITOR_RATE: '120' }
  const { child, ready, end, said } = serve(file, { plants: [POISON, ...plants], env })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await end
    rmSync(folder, { recursive: true, force: true })
  })
  const url = await ready
  const key = writeKeyOf(file)
  const headers = {
    Origin: url,
    'User-Agent': `${PERSON} ${agent}`,
    'X-Forwarded-For': `${address6}, ${address}`,
    Referer: `https://${referrer}/?q=${query}`,
    Cookie: `session=${visitor}`,
  }
  const ask = async (place: string, more: RequestInit = {}) => {
    const answer = await fetch(url + place, { ...more, headers: { ...headers, ...(more.headers as object) } })
    await answer.text()
    return answer.status
  }
  const post = (place: string, body: unknown, more: object = {}) =>
    ask(place, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers: { ...more } })
  const facts = {
    url: `https://shop.example/${path}?email=${email}&q=${query}`,
    referrer: `https://${referrer}/?q=${query}`,
    title: trait,
    properties: { traits: { email, company: trait }, user_id: user, search_term: query },
  }
  const batch = (events: unknown, more: object = {}) => ({ v: 1, key, visitor, sent_at: Date.now(), events, ...more })
  const statuses = [
    // Before the first event that counts: what the terminal is told meanwhile.
    await post('/e', `{"visitor":"${visitor}","email":"${email}", ${query}`),
    await post('/e', `${email} ${address}`),
    await post('/e', name),
    await post('/e', batch([{ ...wireEvent('x'), ...facts, id: email }])),
    await post('/e', batch([{ ...wireEvent('x', facts), properties: { [email]: { deep: 'x'.repeat(9_000) } } }])),
    await post('/e', batch([wireEvent('x', facts)], { visitor: email.repeat(9) })),
    await post('/e', batch([wireEvent('x', facts)], { key: email })),
    await post(`/e?visitor=${visitor}&debug`, batch([wireEvent('x', facts)]), { Authorization: `Bearer sk_${email}` }),
    await post('/e', batch([wireEvent('poison', facts), wireEvent('identify', facts), wireEvent('page_view', facts)])),
    ...(await Promise.all(Array.from({ length: 8 }, () => post('/e', batch(Array(400).fill({ email })))))),
    await post('/v1/identify', { userId: user, traits: { email }, context: { ip: address }, writeKey: key }),
    await post('/v1/track', { userId: email, event: 7, writeKey: key }),
    await ask(`/${path}/${email}?q=${query}`),
    await ask(`/p.gif?site=${key}&visitor=${visitor}`),
    await ask(`/v1/leads?q=${email}`, { headers: { Authorization: `Bearer ${ADMIN_KEY}` } }),
    await ask(`/v1/leads/${visitor}?email=${email}`, { headers: { Authorization: `Bearer ${ADMIN_KEY}` } }),
    await ask(`/v1/leads/${user}/timeline`, { headers: { Authorization: `Bearer ${ADMIN_KEY}` } }),
    await ask(`/leads?q=${email}`),
    await post(`/sign-in?next=/leads/${visitor}`, `name=${email}&password=${query}`),
  ]
  expect(new Set(statuses)).toEqual(new Set([200, 202, 400, 401, 404, 429]))
  // A write that the database itself refuses, with the name of what it refused.
  const database = new Database(file)
  database.exec(`CREATE TRIGGER refused BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'no'); END`)
  database.close()
  await post('/e', batch([wireEvent('page_view', facts)], { visitor: `${visitor}-2` }))
  child.kill('SIGTERM')
  await end
  const kept = new Database(file, { readonly: true })
  const { n } = kept.prepare(`SELECT count(*) AS n FROM visitors WHERE visitor = ?`).get(visitor) as { n: number }
  kept.close()
  expect(n).toBe(1) // all of that was really taken in
  return said.err + said.out
}

const told = (log: string): string[] =>
  Object.entries(PRIVATE).flatMap(([what, text]) =>
    [text, encodeURIComponent(text)].some(spelling => log.toLowerCase().includes(spelling.toLowerCase())) ? [what] : [],
  )

test('no line of the log holds anything of a visitor, whatever they send and however talkative it is', async () => {
  const log = await overheard()
  expect(told(log)).toEqual([])
  expect(log).toContain('"route":"/e"')
  expect(log).toContain('"route":"/v1/leads/:id"')
  expect(log.match(/"msg":"request"/g)?.length).toBeGreaterThan(20)
  expect(log).toContain('TypeError: poison')
})

test('planted: paths as they were asked, who asked, and what is said of a body quotes it; this test finds them all', async () => {
  const plants = [
    { module: 'collector/http/app', find: 'routePath(c, -1)', replace: 'c.req.url' },
    {
      module: 'collector/http/collect',
      find: 'const network = networkFrom(c)',
      replace: "const network = networkFrom(c); log(c.req.header('X-Forwarded-For'))",
    },
    {
      module: 'collector/http/routes',
      find: 'metrics.observe(outcome)',
      replace: 'metrics.observe(outcome); log(sender.userAgent)',
    },
    { module: 'collector/ingest/items', find: `.replace(/, (\\.\\.\\.)?"[^]*$/, '')`, replace: '' },
  ]
  const expected = ['address', 'address6', 'agent', 'email', 'name', 'path', 'query', 'user', 'visitor']
  expect(told(await overheard(plants)).toSorted()).toEqual(expected)
})
