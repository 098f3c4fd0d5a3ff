import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Route } from '../../collector/http/route.ts'
import { ADMIN_KEY, testCollector, wireEvent, type TestCollector } from '../collector.ts'
import { table } from './table.ts'
import { tell } from './tell.ts'

const HOLDERS = ['another site', 'nobody', 'write key', 'read', 'ingest', 'admin'] as const
type Holder = (typeof HOLDERS)[number]

let collector: TestCollector
const secrets: Partial<Record<Holder, string>> = {}
/** What the parameters of paths stand for: things of the first site. */
const named: Record<string, string> = { version: '1', key: 'wk_none', name: 'none', token: 'none' }

beforeAll(async () => {
  collector = await testCollector()
  await collector.send({
    visitor: 'ada',
    events: [wireEvent('page_view', { url: 'https://shop.example/', view: 'v', seq: 0 })],
  })
  const { data } = await collector.ask<{ data: { id: string }[] }>('/v1/leads')
  named['id'] = data[0]?.id ?? ''
  const other = await tell(collector, '/v1/sites', { name: 'Other', origins: [] })
  const make = async (scope: string, site: unknown) =>
    String((await tell(collector, '/v1/keys', { scope, site })).body['key'])
  for (const scope of ['read', 'ingest', 'admin'] as const) secrets[scope] = await make(scope, 1)
  secrets['another site'] = await make('admin', other.body['id'])
  secrets['write key'] = collector.site.writeKey
})
afterAll(() => collector.close())

/** What is declared: the status of the answer, or that it is none that turns the holder away. */
function declared({ needs, method, path, query }: Route, holder: Holder): (number | 'let in')[] {
  if (needs === 'nothing') return ['let in']
  // A page leads to the sign-in; a form says that one must sign in.
  if (needs === 'session') return method === 'get' ? [302] : [401]
  // A batch is looked at before the key that it names.
  if (needs === 'write key' && ['nobody', 'write key', 'read'].includes(holder)) return [200, 400, 401, 403]
  if (holder === 'nobody' || holder === 'write key') return [401]
  // The scope comes first: only an admin of another site gets as far as being told that there is no such site.
  if (holder === 'another site') {
    if (method === 'post' && path === '/v1/sites') return [403]
    return needs === 'write key' ? ['let in'] : 'site' in query || /:id/.test(path) ? [404] : ['let in']
  }
  if (needs === 'write key') return ['let in']
  if (holder === 'admin') return method === 'post' && path === '/v1/sites' ? [403] : ['let in']
  return holder === needs ? ['let in'] : [403]
}

async function ask({ method, path, query }: Route, holder: Holder): Promise<number> {
  const place = path.replaceAll(/:(\w+)(\{[^}]*\})?/g, (_, name: string) => named[name] ?? 'x').replace('*', '')
  const secret = secrets[holder]
  const over = new AbortController()
  const answer = await fetch(collector.url + place + ('site' in query ? '?site=1' : ''), {
    method: method.toUpperCase(),
    redirect: 'manual',
    signal: over.signal,
    // As by way of a proxy: a program on this machine may read the metrics without a key.
    headers: { Via: '1.1 proxy', ...(secret !== undefined && { Authorization: `Bearer ${secret}` }) },
    ...(['post', 'put', 'patch'].includes(method) && { body: '{}' }),
  })
  const { status } = answer
  const text = method === 'get' && !path.endsWith('/live') ? await answer.text() : ''
  over.abort()
  if (holder === 'another site' && path.startsWith('/v1/') && !path.includes(':key'))
    for (const theirs of [collector.site.writeKey, named['id']!])
      expect(text.includes(theirs) && status < 400).toBe(false)
  return status
}

/** Everything that can be done to what stands in the path is tried last. */
const all = table().toSorted((a, b) => Number(a.method === 'delete') - Number(b.method === 'delete'))

describe.each(HOLDERS)('with the key of %s', holder => {
  test.each(all.map(route => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
    '%s',
    async (_, route) => {
      const status = await ask(route, holder)
      expect(status).toBeLessThan(500)
      const allowed = declared(route, holder)
      if (allowed.includes('let in')) expect([401, 403]).not.toContain(status)
      else expect(allowed).toContain(status)
    },
  )
})

test('every route says who may ask, and what is secret is open to nobody', () => {
  const open = all.filter(({ needs, method }) => needs === 'nothing' && method !== 'options').map(({ path }) => path)
  // What Segment's clients ask of their own server; the key in its path is the public one.
  expect(open.filter(path => path.startsWith('/v1/'))).toEqual(['/v1/projects/:key/settings'])
  expect(all.length).toBeGreaterThan(50)
  expect(ADMIN_KEY).not.toBe(secrets['admin'])
})
