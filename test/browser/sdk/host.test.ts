import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import { everything, settled, test } from './test.ts'

const STUB = '<script>window.leadlight = window.leadlight || []</script>'

test('calls made before the script is there are made when it is, after the first view; and pushing goes on working', async ({
  page,
  site,
}) => {
  site.page(
    '/',
    `${STUB}<script>leadlight.push(['track', 'early', { item_id: 'A1' }], ['identify', '42'])</script>${site.tag()}`,
  )
  await page.goto(site.origin)
  await site.until('identify')
  await page.evaluate(() => window.leadlight.push(['track', 'late']))
  await site.until('late')
  expect(site.events().map(event => [event.seq, event.type])).toEqual([
    [0, 'page_view'],
    [1, 'early'],
    [2, 'identify'],
    [3, 'late'],
  ])
})

test('the write key may stand in the address of the script, as may all options', async ({ page, site }) => {
  site.page('/', `<title>T</title><script async src="${site.collector}/leadlight.js?site=wk_url&title=off"></script>`)
  await page.goto(site.origin)
  const [view] = await site.until('page_view')
  expect(site.received[0]!.batch.key).toBe('wk_url')
  expect(view).not.toHaveProperty('title')
})

test('data-host names another collector', async ({ page, site }) => {
  const elsewhere = site.collector.replace('127.0.0.1', 'localhost')
  site.page('/', `<script src="${elsewhere}/leadlight.js" data-site="wk_test" data-host="${site.collector}"></script>`)
  const [beacon] = await Promise.all([
    page.waitForRequest(request => request.method() === 'POST'),
    page.goto(site.origin),
  ])
  expect(beacon.url()).toBe(`${site.collector}/e`)
})

test('a second tag changes nothing', async ({ page, site }) => {
  site.page('/', site.tag() + site.tag())
  await page.goto(site.origin)
  await everything(page, site)
  expect(site.events('page_view')).toHaveLength(1)
})

test('the module starts the same thing, once', async ({ page, site }) => {
  site.page(
    '/',
    `${STUB}<script type="module">
    import { start } from '${site.collector}/leadlight.mjs'
    const options = { site: 'wk_test', host: '${site.collector}' }
    const leadlight = start(options)
    window.same = start(options) === leadlight && window.leadlight === leadlight
    leadlight.track('told', { n: 1 })</script>`,
  )
  await page.goto(site.origin)
  await site.until('told')
  expect(await page.evaluate('same')).toBe(true)
  expect(site.events('page_view')).toHaveLength(1)
})

test('page(), and listeners that hear of every event and every answer until they are told not to', async ({
  page,
  site,
}) => {
  site.page(
    '/',
    `${STUB}<script>news = []; leadlight.push(['on', 'sent', sent => news.push(sent)])</script>${site.tag()}`,
  )
  await page.goto(site.origin)
  await site.until('page_view')
  await page.evaluate(() => {
    const { leadlight } = window
    if (Array.isArray(leadlight)) return
    const stop = leadlight.on('event', event => {
      event.title = 'changed'
    })
    leadlight.page({ step: 2 })
    stop()
    leadlight.track('unheard')
    leadlight.flush()
  })
  const views = await site.until('page_view', 2)
  expect(views[1]).toMatchObject({ title: 'changed', properties: { step: 2 }, referrer: `${site.origin}/` })
  expect((await site.until('unheard'))[0]).not.toHaveProperty('title')
  await page.waitForFunction('news.length === 2')
  expect(await page.evaluate('news')).toMatchObject([
    {
      batch: { key: 'wk_test', events: [{ type: 'page_view' }] },
      result: { accepted: 1, duplicate: 0, quarantined: 0, dropped: [] },
    },
    { result: { accepted: 3 } },
  ])
})

test('nothing that a page does wrong comes back to it, or stops the rest', async ({ page, site }) => {
  site.page('/', `${STUB}<script>leadlight.push(null, 42, ['nonsense'], ['track', 'good'])</script>${site.tag()}`)
  await page.goto(site.origin)
  await site.until('good')
  await page.evaluate(() => {
    const { leadlight } = window
    if (Array.isArray(leadlight)) return
    const circular: Record<string, unknown> = {}
    circular['self'] = circular
    leadlight.on('event', () => {
      throw new Error('listener')
    })
    leadlight.on('sent', () => {
      throw new Error('listener')
    })
    leadlight.track('circular', circular)
    leadlight.track('big', { n: 1n })
    leadlight.identify(undefined as never)
    leadlight.push(undefined as never)
    const properties = { n: 1, skip: () => {} }
    leadlight.track('copied', properties)
    properties.n = 2
  })
  const [copied] = await site.until('copied')
  expect(copied!.properties).toEqual({ n: 1 })
  // A number is only used up by what is sent: a gap means a loss.
  expect(site.events().map(event => event.seq)).toEqual([0, 1, 2, 3])
})

test('a page that patches the platform does not reach us', async ({ page, site }) => {
  site.page(
    '/',
    `<script>
    Array.prototype.junk = Object.prototype.junk2 = () => 'junk'
    </script>${site.tag()}`,
  )
  await page.goto(site.origin)
  await site.until('page_view')
  await page.evaluate(() => {
    window.fetch = () => {
      throw new Error('patched')
    }
    window.leadlight.push(['track', 'told'])
  })
  await site.until('told')
})

test('a policy that forbids the collector is borne in silence', async ({ page, site }) => {
  site.page('/', `<meta http-equiv="content-security-policy" content="connect-src 'none'">${site.tag()}`)
  await page.goto(site.origin)
  await settled()
  expect(site.received).toEqual([])
})

test.for(['with', 'without'])(
  '%s the Navigation API, stop() sends what waits, and leaves no listener and no timer',
  async (way, { page, site }) => {
    if (way === 'without')
      await page.addInitScript(() => Object.defineProperty(window, 'navigation', { value: undefined }))
    await page.addInitScript(() => {
      const alive: string[] = []
      const add = EventTarget.prototype.addEventListener
      const remove = EventTarget.prototype.removeEventListener
      EventTarget.prototype.addEventListener = function (kind: string, ...rest: [never, never]) {
        if (!alive.includes(kind)) alive.push(kind)
        add.call(this, kind, ...rest)
      }
      EventTarget.prototype.removeEventListener = function (kind: string, ...rest: [never, never]) {
        alive.splice(alive.indexOf(kind), 1)
        remove.call(this, kind, ...rest)
      }
      const timers = new Set<number>()
      const { setTimeout, clearTimeout } = window
      window.setTimeout = ((work: () => void, ms?: number) => {
        const id = setTimeout(() => {
          timers.delete(id)
          work()
        }, ms)
        timers.add(id)
        return id
      }) as typeof window.setTimeout
      window.clearTimeout = id => {
        timers.delete(Number(id))
        clearTimeout(id)
      }
      const { setInterval, clearInterval } = window
      window.setInterval = ((work: () => void, ms?: number) => {
        const id = setInterval(work, ms)
        timers.add(id)
        return id
      }) as typeof window.setInterval
      window.clearInterval = id => {
        timers.delete(Number(id))
        clearInterval(id)
      }
      Object.assign(window, { alive, timers })
    })
    site.page('/', `${site.tag()}<a href="/guide.pdf" onclick="return false">x</a>`)
    await page.goto(site.origin)
    await site.until('page_view')
    await wait(300)
    expect(await page.evaluate('alive.length')).toBeGreaterThan(10)
    const pushed = await page.evaluate(() => {
      const { leadlight } = window
      leadlight.push(['track', 'last'])
      leadlight.push(['stop'])
      // Whoever still holds on to the verbs may go on calling them.
      leadlight.push(['track', 'stopped'])
      leadlight.push(['flush'])
      return Array.isArray(window.leadlight)
    })
    expect(pushed).toBe(true)
    await site.until('last')
    await page.click('a')
    await page.evaluate(() => history.pushState(null, '', '/b'))
    await settled()
    expect(await page.evaluate('[alive, [...timers]]')).toEqual([[], []])
    expect(await page.evaluate(() => JSON.stringify(Object.entries(localStorage)))).not.toContain('stopped')
    expect(site.events().map(event => event.type)).toEqual(['page_view', 'last', 'user_engagement'])
  },
)

test('one listener a kind, passive, capturing, on the window', async ({ page, site }) => {
  await page.addInitScript(() => {
    const added: unknown[][] = []
    const add = EventTarget.prototype.addEventListener
    EventTarget.prototype.addEventListener = function (kind: string, listener: never, options: never) {
      if (this === window) added.push([kind, listener, options])
      add.call(this, kind, listener, options)
    }
    Object.assign(window, { added })
  })
  site.page('/', site.tag())
  await page.goto(site.origin)
  await site.until('page_view')
  expect(await page.evaluate('new Set(added.map(([, listener]) => listener)).size')).toBe(1)
  expect(await page.evaluate('added.every(([, , options]) => options.passive && options.capture)')).toBe(true)
})

test('who stops at once has nothing stored, and may start again', async ({ context, page, site }) => {
  site.page(
    '/',
    `${STUB}<script>leadlight.push(['stop'])</script>${site.tag()}<a href="/guide.pdf" onclick="return false">x</a>`,
  )
  await page.goto(site.origin)
  await site.until('page_view')
  await wait(300)
  expect(await context.cookies()).toEqual([])
  await page.click('a')
  await page.addScriptTag({ url: site.collector + '/leadlight.js?site=wk_test' })
  await everything(page, site)
  expect(site.events('file_download')).toEqual([])
  expect(site.events('page_view')).toHaveLength(2)
})
