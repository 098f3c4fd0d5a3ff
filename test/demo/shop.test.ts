import { readFileSync } from 'node:fs'
import { Window } from 'happy-dom'
import { expect, test } from 'vitest'
import { Hono } from 'hono'
import { LAMPS } from '../../collector/demo/catalog.ts'
import { POSTS } from '../../collector/demo/journal.ts'
import { demo, type Look } from '../../collector/demo/shop.ts'

const KEY = 'wk_0123456789'

const shop = (writeKey = KEY, look: (visitor: string) => Promise<Look | null> = () => Promise.resolve(null)) =>
  new Hono().route('/demo', demo({ writeKey, look }))

const PAGES = [
  '/demo',
  ...LAMPS.map(({ slug }) => `/demo/products/${slug}`),
  ...POSTS.map(({ slug }) => `/demo/journal/${slug}`),
  '/demo/cart',
  '/demo/contact',
  '/demo/quote',
  '/demo/careers',
  '/demo/thanks/newsletter',
  '/demo/thanks/contact',
  '/demo/thanks/quote',
  '/demo/thanks/checkout',
]

const read = async (path: string) => {
  const response = await shop().request(path)
  const { document } = new Window()
  document.write(await response.text())
  return document
}

for (const path of PAGES)
  test(`${path} is a page with the snippet, under a strict policy, with nothing inline`, async () => {
    const response = await shop().request(path)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch('text/html')
    expect(response.headers.get('content-security-policy')).toMatch("default-src 'self'")
    expect(response.headers.get('content-security-policy')).not.toMatch('unsafe')
    const source = await response.text()
    expect(source).toContain(`<script async src="/leadlight.js" data-site="${KEY}"></script>`)
    expect(source).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/)
    const document = await read(path)
    expect([...document.querySelectorAll('script')].filter(script => !script.getAttribute('src'))).toEqual([])
    expect(document.querySelectorAll('h1')).toHaveLength(1)
    expect(document.querySelectorAll('main')).toHaveLength(1)
  })

test('every link, form and asset leads somewhere', async () => {
  const app = shop()
  const seen = new Set<string>()
  for (const page of PAGES) {
    const document = await read(page)
    for (const element of document.querySelectorAll('[href], [src]')) {
      const target = element.getAttribute('href') ?? element.getAttribute('src')!
      if (target.startsWith('/demo') || target.startsWith('#'))
        seen.add(target.startsWith('#') ? page + target : target)
      else expect(target).toMatch(/^(\/leadlight\.js|https:\/\/en\.wikipedia\.org\/.+)$/)
    }
    for (const form of document.querySelectorAll('form')) {
      expect(form.getAttribute('method')).toBe('post')
      const answer = await app.request(form.getAttribute('action')!, {
        method: 'POST',
        body: new URLSearchParams({ email: 'a@b.example' }),
      })
      expect(answer.status).toBe(303)
      seen.add(answer.headers.get('location')!)
    }
  }
  expect(seen.size).toBeGreaterThan(20)
  for (const target of seen) {
    const [path = '', fragment] = target.split('#')
    expect((await app.request(path)).status, target).toBe(200)
    if (fragment) expect((await read(path)).getElementById(fragment), target).not.toBeNull()
  }
})

test('every marked element says what it is about, in GA4’s words', async () => {
  const events = new Set<string>()
  for (const page of PAGES)
    for (const element of (await read(page)).querySelectorAll('[data-ll-event]')) {
      const event = element.getAttribute('data-ll-event')!
      events.add(event)
      expect(element.getAttribute('data-ll-currency')).toBe('EUR')
      if (event === 'begin_checkout') expect(element.getAttribute('data-ll-value')).toBe('0')
      else {
        const lamp = LAMPS.find(({ slug }) => slug === element.getAttribute('data-ll-item_id'))
        expect(element.getAttribute('data-ll-item_name')).toBe(lamp?.name)
        expect(element.getAttribute('data-ll-price')).toBe(String(lamp?.price))
      }
    }
  expect([...events].toSorted((a, b) => a.localeCompare(b))).toEqual([
    'add_to_cart',
    'add_to_wishlist',
    'begin_checkout',
    'demo_use',
    'remove_from_cart',
  ])
})

for (const [path, kind, traits] of [
  ['/demo/contact', 'contact', ['company', 'country', 'email', 'name', 'role']],
  ['/demo/quote', 'quote', ['company', 'country', 'email', 'name', 'role']],
  ['/demo/careers', 'newsletter', ['email']],
] as const)
  test(`the ${kind} form marks its traits, and every field has a label`, async () => {
    const document = await read(path)
    const form = document.querySelector(`form[data-ll-form="${kind}"]`)!
    const marked = [...form.querySelectorAll('[data-ll-trait]')].map(field => field.getAttribute('data-ll-trait'))
    expect(new Set(marked)).toEqual(new Set(traits))
    for (const field of form.querySelectorAll('input, select, textarea'))
      expect(document.querySelector(`label[for="${field.id}"]`), field.id).not.toBeNull()
  })

test('ids are unique on every page', async () => {
  for (const page of PAGES) {
    const ids = [...(await read(page)).querySelectorAll('[id]')].map(({ id }) => id)
    expect(
      ids.filter((id, at) => ids.indexOf(id) !== at),
      page,
    ).toEqual([])
  }
})

test('a hostile write key stays an attribute', async () => {
  const response = await shop('"><script>alert(1)</script>').request('/demo')
  const source = await response.text()
  expect(source).not.toContain('<script>alert')
  expect(source).toContain('data-site="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"')
})

test('a hostile address is not written back', async () => {
  for (const path of [
    '/demo/quote?lamp="><script>alert(1)</script>',
    '/demo/products/<script>alert(1)</script>',
    '/demo/thanks/__proto__',
  ])
    expect(await (await shop().request(path)).text()).not.toMatch(/alert\(1\)|__proto__/)
})

for (const [method, path] of [
  ['GET', '/demo/products/sun'],
  ['GET', '/demo/journal/nothing'],
  ['GET', '/demo/thanks/toString'],
  ['POST', '/demo/thanks/toString'],
  ['GET', '/demo/nowhere'],
  ['GET', '/demo/assets/x/shop.ts'],
] as const)
  test(`${method} ${path} is not found`, async () => {
    expect((await shop().request(path, { method })).status).toBe(404)
  })

test('assets are kept for ever under their own version, and asked for again under any other', async () => {
  const href = (await read('/demo')).querySelector('link[rel=stylesheet]')!.getAttribute('href')!
  const current = await shop().request(href)
  expect(current.headers.get('cache-control')).toMatch('immutable')
  expect(current.headers.get('content-type')).toMatch('text/css')
  const old = await shop().request('/demo/assets/older/shop.css')
  expect(old.headers.get('cache-control')).toBe('no-cache')
  expect(await old.text()).toBe(await current.text())
})

test('the live panel is told what is known of the visitor it names, and nothing is cached', async () => {
  const asked: string[] = []
  const look = (visitor: string) => {
    asked.push(visitor)
    return Promise.resolve(null)
  }
  const hostile = '"><script>'
  const response = await shop(KEY, look).request(`/demo/live?visitor=${encodeURIComponent(hostile)}`)
  expect(await response.json()).toBeNull()
  expect(response.headers.get('content-type')).toMatch('application/json')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(asked).toEqual([hostile])
})

test('nobody is looked up without an id, or under one that is too long', async () => {
  for (const query of ['', '?visitor=', `?visitor=${'v'.repeat(129)}`])
    expect(
      await (await shop(KEY, () => Promise.reject(new Error('looked up'))).request(`/demo/live${query}`)).json(),
    ).toBeNull()
})

test('the brochure is a PDF of two pages whose cross-reference table points at its objects', async () => {
  const response = await shop().request('/demo/brochure.pdf')
  expect(response.headers.get('content-type')).toBe('application/pdf')
  const pdf = Buffer.from(await response.arrayBuffer()).toString('latin1')
  expect(pdf).toBe(readFileSync(new URL('../../collector/demo/public/brochure.pdf', import.meta.url), 'latin1'))
  expect(pdf).toMatch(/^%PDF-1\.\d\n/)
  const start = Number(/startxref\n(\d+)\n%%EOF\n?$/.exec(pdf)?.[1])
  const [table, objects] = /^xref\n0 (\d+)\n/.exec(pdf.slice(start)) ?? []
  const entries = pdf
    .slice(start + table!.length)
    .match(/^\d{10} \d{5} [nf] $/gm)!
    .slice(0, Number(objects))
  expect(entries).toHaveLength(Number(objects))
  entries.forEach((entry, id) => {
    if (entry.includes(' n')) expect(pdf.slice(Number(entry.slice(0, 10))).startsWith(`${id} 0 obj`)).toBe(true)
  })
  expect(pdf).toMatch(/\/Type \/Pages\s+\/Count 2\b/)
})
