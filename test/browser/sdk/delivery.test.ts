import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Batch } from '../../../shared/batch.ts'
import { settled, test } from './test.ts'

const MINUTE = 60_000

/** The page's outboxes, by key. */
const outboxes = () =>
  Object.fromEntries(Object.entries(localStorage).filter(([key]) => key.startsWith('leadlight:'))) as Record<
    string,
    string
  >

test('a batch is one simple request: no pre-flight, no cookies', async ({ context, page, site }) => {
  await context.addCookies([{ name: 'session', value: 'secret', url: site.collector }])
  site.page('/', site.tag())
  await page.goto(site.origin)
  await site.until('page_view')
  expect(site.received[0]).toMatchObject({ contentType: 'text/plain;charset=UTF-8', cookie: undefined })
  expect(site.preflights).toBe(0)
})

test('the first view is sent at once, what follows within a second, together', async ({ page, site }) => {
  // A page that is never idle.
  await page.addInitScript(() => (window.requestIdleCallback = () => 0))
  site.page('/', site.tag())
  const opened = Date.now()
  await page.goto(site.origin)
  const [view] = await site.until('page_view')
  expect(site.received[0]!.batch.sent_at - view!.at).toBeLessThan(100)
  expect(Date.now() - opened).toBeLessThan(1_000)
  await page.evaluate(() => window.leadlight.push(['track', 'one']))
  const [one] = await site.until('one')
  const lingered = site.received.at(-1)!.batch.sent_at - one!.at
  expect(lingered).toBeGreaterThan(800)
  expect(lingered).toBeLessThan(1_300)
  await page.evaluate(() => {
    for (let n = 0; n < 10; n++) window.leadlight.push(['track', 'many', { n }])
  })
  await site.until('many', 10)
  expect(site.received.at(-1)!.batch.events.map(event => event.properties!['n'])).toEqual([...Array(10).keys()])
})

test.for(['a closed tab', 'a same-tab navigation'])(
  'what happened last arrives after %s',
  async (way, { page, site }) => {
    site.slow = 200
    site.page('/', site.tag())
    site.page('/next', 'no script here')
    await page.goto(site.origin)
    await site.until('page_view')
    await page.evaluate(() => window.leadlight.push(['track', 'last']))
    if (way === 'a closed tab') await page.close({ runBeforeUnload: true })
    else await page.goto(site.origin + '/next')
    const [last] = await site.until('last')
    const [engagement] = await site.until('user_engagement')
    expect([last!.seq, engagement!.seq]).toEqual([1, 2])
    expect(Number(engagement!.properties!['engaged_ms'])).toBeGreaterThan(0)
  },
)

test('losing the window sends what waits, as a phone may never say goodbye; losing a field does not', async ({
  page,
  site,
}) => {
  site.page('/', site.tag() + '<input>')
  await page.goto(site.origin)
  await site.until('page_view')
  await wait(300)
  await page.focus('input')
  const lost = await page.evaluate(async () => {
    window.leadlight.push(['track', 'waiting'])
    document.querySelector('input')!.blur()
    await new Promise(resolve => setTimeout(resolve, 300))
    dispatchEvent(new Event('blur'))
    return Date.now()
  })
  await site.until('waiting')
  expect(site.received.at(-1)!.batch.sent_at).toBeGreaterThanOrEqual(lost - 20)
  expect(site.received.at(-1)!.batch.sent_at).toBeLessThan(lost + 20)
})

test('a click on a link that leaves is not held up, and arrives', async ({ page, site }) => {
  site.slow = 200
  site.page('/', `${site.tag()}<a href="${site.collector}/elsewhere">out</a>`)
  await page.goto(site.origin)
  await site.until('page_view')
  await page.evaluate(
    origin => (document.querySelector('a')!.href = origin),
    site.origin.replace('127.0.0.1', 'localhost') + '/x',
  )
  await page.click('a')
  await site.until('click')
})

test('what a killed browser could not send arrives with the next visit, as it was', async ({ context, page, site }) => {
  site.page('/', site.tag())
  await page.goto(site.origin)
  await site.until('page_view')
  site.answer = { breaks: true }
  await page.evaluate(() => window.leadlight.push(['track', 'unsent', { n: 1 }]))
  await site.refused(1)
  const [[key, value]] = Object.entries(await page.evaluate(outboxes)) as [[string, string]]
  await page.close()

  site.answer = {}
  const next = await context.newPage()
  await next.clock.setSystemTime(Date.now() + MINUTE)
  await next.goto(site.origin)
  const [unsent] = await site.until('unsent')
  const [sealed] = JSON.parse(value) as [Batch]
  expect(unsent).toEqual(sealed.events[0])
  const sent = site.received.find(({ batch }) => batch.events[0]!.id === unsent!.id)!.batch
  expect(sent.visitor).toBe(sealed.visitor)
  // Stamped when it was sent, so that the collector can tell how long ago it happened.
  expect(sent.sent_at - unsent!.at).toBeGreaterThan(MINUTE - 5_000)
  await wait(200)
  expect(await next.evaluate(outboxes)).not.toHaveProperty([key])
})

test('two tabs keep their own, and neither takes what the other is about to send', async ({ context, page, site }) => {
  site.page('/', site.tag())
  const other = await context.newPage()
  for (const tab of [page, other]) await tab.goto(site.origin)
  await site.until('page_view', 2)
  await wait(500)
  site.answer = { breaks: true }
  for (const tab of [page, other]) await tab.evaluate(() => window.leadlight.push(['track', 'mine']))
  const kept = Object.values(await page.evaluate(outboxes))
  expect(kept).toHaveLength(2)
  const third = await context.newPage()
  await third.goto(site.origin)
  await wait(500)
  expect(Object.values(await page.evaluate(outboxes))).toEqual(expect.arrayContaining(kept))
  site.answer = {}
  await site.until('mine', 2)
})

test('503 keeps a batch, and Retry-After is waited for', async ({ page, site }) => {
  site.answer = { status: 503, headers: { 'retry-after': '2' } }
  site.page('/', site.tag())
  await page.goto(site.origin)
  await site.refused(1)
  const refusedAt = Date.now()
  site.answer = {}
  await page.evaluate(() => window.leadlight.push(['track', 'more']))
  await site.until('page_view')
  expect(Date.now() - refusedAt).toBeGreaterThan(1_800)
  await site.until('more')
})

test('400 drops a batch, and says so', async ({ page, site }) => {
  site.answer = { status: 400 }
  site.page('/', `<script>leadlight = [['on', 'sent', news => (answer = news.result)]]</script>${site.tag()}`)
  await page.goto(site.origin)
  await site.refused(1)
  site.answer = {}
  await page.evaluate(() => window.leadlight.push(['track', 'next']))
  await site.until('next')
  await settled()
  expect(site.events('page_view')).toEqual([])
  expect(await page.evaluate('answer')).toEqual({ accepted: 1, duplicate: 0, quarantined: 0, dropped: [] })
})

test('a lost connection that returns sends at once', async ({ context, page, site }) => {
  site.page('/', site.tag())
  await page.goto(site.origin)
  await site.until('page_view')
  await context.setOffline(true)
  for (let failure = 0; failure < 3; failure++) {
    await page.evaluate(() => window.leadlight.push(['track', 'offline']))
    await wait(1_100)
  }
  await context.setOffline(false)
  const back = Date.now()
  await site.until('offline', 3)
  expect(Date.now() - back).toBeLessThan(500)
})

test('a page hidden and shown again sends nothing twice', async ({ page, site }) => {
  site.answer = { delay: 500 }
  site.page('/', site.tag())
  await page.goto(site.origin)
  await page.evaluate(() => {
    window.leadlight.push(['track', 'once'])
    for (const kind of ['visibilitychange', 'pagehide', 'visibilitychange'])
      document.dispatchEvent(new Event(kind, { bubbles: true }))
  })
  await settled()
  const ids = site.received.flatMap(({ batch }) => batch.events.map(event => event.id))
  expect(ids).toHaveLength(new Set(ids).size)
})

test('nothing that would keep a page out of the back/forward cache: no unload, no lock held', async ({
  page,
  site,
}) => {
  await page.addInitScript(() => {
    const kinds: string[] = []
    const original = EventTarget.prototype.addEventListener
    EventTarget.prototype.addEventListener = function (this: EventTarget, kind: string, ...rest: unknown[]) {
      kinds.push(kind)
      return Reflect.apply(original, this, [kind, ...rest])
    } as typeof original
    Object.assign(window, { kinds })
  })
  site.page('/', site.tag())
  await page.goto(site.origin)
  await site.until('page_view')
  await wait(500)
  expect(await page.evaluate('kinds.filter(kind => /unload/.test(kind))')).toEqual([])
  expect(await page.evaluate('kinds.length')).toBeGreaterThan(5)
  expect((await page.evaluate(() => navigator.locks.query())).held).toEqual([])
})

test.for(['cookies and storage that throw', 'a sandboxed frame', 'a full storage'])(
  '%s: it still tracks, from memory',
  async (obstacle, { page, site }) => {
    if (obstacle === 'cookies and storage that throw') {
      await page.addInitScript(() => {
        const refuse = () => {
          throw new DOMException('denied', 'SecurityError')
        }
        Object.defineProperty(window, 'localStorage', { get: refuse })
        Object.defineProperty(document, 'cookie', { get: refuse, set: refuse })
      })
    }
    const tag = `<script>leadlight = [['track', 'told']]</script>${site.tag()}`
    const frame = `<iframe sandbox="allow-scripts" srcdoc="${tag.replaceAll('"', '&quot;')}"></iframe>`
    const fill = `<script>try { for (let size = 1 << 20; size; size >>= 1) for (;;) localStorage['x' + Math.random()] = 'x'.repeat(size) } catch {}</script>`
    site.page('/', obstacle === 'a sandboxed frame' ? frame : obstacle === 'a full storage' ? fill + tag : tag)
    await page.goto(site.origin)
    const [told] = await site.until('told')
    const [view] = await site.until('page_view')
    expect(told!.view).toBe(view!.view)
    expect(site.received[0]!.batch.visitor).toMatch(/^[0-9a-f-]{36}$/)
  },
)

test('on plain http, without secure-context APIs, ids are UUIDs all the same', async ({ page, site }) => {
  site.page('/', site.tag())
  await page.goto(site.named('shop.example.co.uk'))
  const [view] = await site.until('page_view')
  expect(await page.evaluate(() => [isSecureContext, 'randomUUID' in crypto, 'locks' in navigator])).toEqual([
    false,
    false,
    false,
  ])
  expect(view!.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('storage is first touched when the page is idle, but for the cookie and the first page of a first visit', async ({
  page,
  site,
}) => {
  await page.addInitScript(() => {
    const log: string[] = []
    const idle = window.requestIdleCallback.bind(window)
    window.requestIdleCallback = work => idle(deadline => (log.push('idle'), work(deadline)))
    const { localStorage } = window
    const touched = () => (log.push('touched'), localStorage)
    Object.defineProperty(window, 'localStorage', { get: touched })
    Object.assign(window, { log })
  })
  site.page('/', site.tag())
  await page.goto(site.origin)
  await site.until('page_view')
  await wait(500)
  // Whether there is a visitor known of old is asked at once, if no cookie tells; and then there is one.
  expect(await page.evaluate('log.slice(0, 4)')).toEqual(['touched', 'touched', 'idle', 'touched'])
  await page.reload()
  await site.until('page_view', 2)
  await wait(500)
  expect(await page.evaluate('log.slice(0, 2)')).toEqual(['idle', 'touched'])
})
