import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Call } from '../../../sdk/index.ts'
import type { Site } from './site.ts'
import { everything, test } from './test.ts'

const DAY = 86_400

async function open(page: Page, site: Site, path = '/', attributes = ''): Promise<void> {
  site.page(path, site.tag(attributes))
  const seen = site.events('page_view').length
  await page.goto(site.origin + path)
  await site.until('page_view', seen + 1)
  await wait(300)
}

const push = (page: Page, ...calls: Call[]) =>
  page.evaluate(given => {
    for (const call of given) window.leadlight.push(call)
  }, calls)

/** The visitor under whom an event of this type came in. */
const visitorOf = (site: Site, type: string) =>
  site.received.find(({ batch }) => batch.events.some(event => event.type === type))?.batch.visitor

test('the id is one first-party cookie, for 395 days, mirrored in storage', async ({ context, page, site }) => {
  await open(page, site)
  const cookies = await context.cookies()
  expect(cookies).toHaveLength(1)
  expect(cookies[0]).toMatchObject({ name: 'leadlight', path: '/', sameSite: 'Lax', secure: false })
  expect(Math.round((cookies[0]!.expires - Date.now() / 1_000) / DAY)).toBe(395)
  expect(cookies[0]!.value.split('.')[0]).toBe(site.received[0]!.batch.visitor)
  expect(await page.evaluate(() => localStorage.getItem('leadlight'))).toBe(cookies[0]!.value)
})

test('each page renews the cookie: some browsers keep what a script sets for a week only', async ({
  context,
  page,
  site,
}) => {
  const expiry = async () => (await context.cookies())[0]!.expires
  await open(page, site)
  const first = await expiry()
  await wait(1_000)
  await open(page, site)
  expect(await expiry()).toBeGreaterThanOrEqual(first + 1)
})

test('the cookie is set for the widest domain that takes it', async ({ context, page, site }) => {
  site.page('/', site.tag())
  await page.goto(site.named('a.shop.example.co.uk'))
  await site.until('page_view')
  await wait(300)
  expect((await context.cookies()).map(cookie => cookie.domain)).toEqual(['.example.co.uk'])
  await page.goto(site.named('www.example.co.uk'))
  await site.until('page_view', 2)
  expect(new Set(site.received.map(({ batch }) => batch.visitor)).size).toBe(1)
})

test('who loses the cookie or the mirror stays who they are; who loses both is new', async ({
  context,
  page,
  site,
}) => {
  await open(page, site)
  await context.clearCookies()
  await open(page, site)
  await page.evaluate(() => localStorage.clear())
  await open(page, site)
  const [{ batch }] = site.received as [(typeof site.received)[0]]
  expect(site.received.every(each => each.batch.visitor === batch.visitor)).toBe(true)
  await context.clearCookies()
  await page.evaluate(() => localStorage.clear())
  await open(page, site)
  expect(site.received.at(-1)!.batch.visitor).not.toBe(batch.visitor)
})

test('data-storage="none" keeps nothing', async ({ context, page, site }) => {
  await open(page, site, '/', 'data-storage="none"')
  site.answer = { breaks: true }
  await push(page, ['identify', '42'], ['flush'])
  await site.refused(1)
  expect(await context.cookies()).toEqual([])
  expect(await page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)])).toEqual([])
})

test('a person becomes known: the same visitor, by a user id, an e-mail, or both', async ({ page, site }) => {
  await open(page, site)
  await push(
    page,
    ['identify', { email: 'Grace@Example.org ' }],
    ['identify', 4242424242, { email: 'grace@example.org' }],
    ['identify', '4242424242'],
  )
  await everything(page, site)
  expect(site.events('identify').map(event => event.properties)).toEqual([
    { traits: { email: 'Grace@Example.org ' } },
    { user_id: 4242424242, traits: { email: 'grace@example.org' } },
    { user_id: '4242424242' },
  ])
  expect(new Set(site.received.map(({ batch }) => batch.visitor)).size).toBe(1)
  // Neither stands in an id or a time by chance.
  expect(await page.evaluate(() => document.cookie)).not.toMatch(/grace|4242424242/i)
})

test.for([
  ['another user id', ['identify', '42'], ['identify', '43']],
  ['another address', ['identify', { email: 'ada@example.org' }], ['identify', { email: 'bo@example.org' }]],
  [
    'another user with the same address',
    ['identify', '42', { email: 'a@b.c' }],
    ['identify', '43', { email: 'a@b.c' }],
  ],
  ['logging out', ['identify', '42'], ['reset']],
] as [string, Call, Call][])(
  '%s is somebody else: what waits keeps the old id, what follows has a new one',
  async ([, known, other], { page, site }) => {
    await open(page, site)
    await push(page, known, ['track', 'before'], other, ['track', 'after'])
    await everything(page, site)
    expect(visitorOf(site, 'before')).toBe(site.received[0]!.batch.visitor)
    expect(visitorOf(site, 'after')).not.toBe(visitorOf(site, 'before'))
    if (other[0] === 'identify') expect(site.events('identify')).toHaveLength(2)
    for (const { batch } of site.received) {
      const users = batch.events
        .filter(event => event.type === 'identify')
        .map(event => JSON.stringify(event.properties))
      expect(new Set(users).size).toBeLessThan(2)
    }
    // Engaged time of the one is not the other's.
    await push(page, ['stop'])
    await site.until('user_engagement', 2)
    const views = site.received.map(({ batch }) => batch.events.map(event => `${batch.visitor} ${event.view}`)).flat()
    expect(new Set(views).size).toBe(2)
  },
)

test('another person is noticed on a later page, and in a form', async ({ page, site }) => {
  await open(page, site)
  await push(page, ['identify', { email: 'ada@example.org' }], ['flush'])
  site.page(
    '/form',
    `${site.tag()}<form onsubmit="return false"><input data-ll-trait="email"><button>go</button></form>`,
  )
  await page.goto(site.origin + '/form')
  await site.until('page_view', 2)
  await page.fill('input', 'ADA@example.org')
  await page.click('button')
  await everything(page, site)
  expect(visitorOf(site, 'form_submit')).toBe(site.received[0]!.batch.visitor)
  await wait(1_100)
  await page.fill('input', 'bo@example.org')
  await page.click('button')
  await everything(page, site)
  const last = site.received.find(({ batch }) => JSON.stringify(batch).includes('bo@example.org'))!
  expect(last.batch.visitor).not.toBe(site.received[0]!.batch.visitor)
})

test('another tab follows when a visitor becomes somebody else', async ({ context, page, site }) => {
  await open(page, site)
  const other = await context.newPage()
  await open(other, site)
  await push(page, ['reset'], ['track', 'here'], ['flush'])
  await site.until('here')
  await wait(200)
  await push(other, ['track', 'there'], ['flush'])
  await site.until('there')
  expect(visitorOf(site, 'there')).toBe(visitorOf(site, 'here'))
  expect(visitorOf(site, 'here')).not.toBe(site.received[0]!.batch.visitor)
})

test('a group is said as it is, and makes nobody known', async ({ page, site }) => {
  await open(page, site)
  await push(
    page,
    ['group', 7, { name: 'ACME', email: 'post@acme.example' }],
    ['identify', { email: 'ada@example.org' }],
  )
  await everything(page, site)
  const [group] = site.events('group')
  expect(group!.properties).toEqual({ group_id: '7', traits: { name: 'ACME', email: 'post@acme.example' } })
  expect(new Set(site.received.map(({ batch }) => batch.visitor)).size).toBe(1)
})

test.for(['1', 'somebody', '....', 'x.y.z.granted.1'])(
  'a cookie “leadlight=%s” of somebody else is nobody’s id',
  async (value, { context, page, site }) => {
    await context.addCookies([{ name: 'leadlight', value, url: site.origin }])
    await open(page, site)
    expect(site.received[0]!.batch.visitor).toMatch(/^[0-9a-f-]{36}$/)
  },
)
