import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { everything, test } from './test.ts'
import { unattended } from './unattended.ts'

const push = (page: Page, path: string, title = '') =>
  page.evaluate(
    given => {
      history.pushState(null, '', given.path)
      document.title = given.title
    },
    { path, title },
  )

/** Makes a page believe it is hidden, until `show` is called there. */
function startHidden(): void {
  let hidden = true
  Object.defineProperty(document, 'hidden', { get: () => hidden })
  Object.assign(window, {
    show: () => {
      hidden = false
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
    },
  })
}

test('a page view says where it is, where it comes from and by which campaign; nothing else of the query', async ({
  page,
  site,
}) => {
  site.page('/from', '<a href="/to?utm_source=paper&gclid=g1&email=ada@example.org&page=2#secret">go</a>')
  site.page('/to', `<title>Offer</title>${site.tag('data-query="page"')}`)
  await page.goto(site.origin + '/from?token=abc')
  await page.click('a')
  const [view] = await site.until('page_view')
  expect(view).toMatchObject({
    url: `${site.origin}/to?utm_source=paper&gclid=g1&page=2`,
    referrer: `${site.origin}/from`,
    title: 'Offer',
    seq: 0,
    properties: { webdriver: true },
  })
  const [{ batch }] = site.received as [(typeof site.received)[0]]
  expect(batch).toMatchObject({ v: 1, key: 'wk_test', visitor: expect.stringMatching(/^[0-9a-f-]{36}$/) })
  expect(Number.isInteger(batch.sent_at) && Number.isInteger(view!.at)).toBe(true)
})

test.for([
  ['used', ''],
  [
    'used, and left,',
    `Object.defineProperty(document, 'hidden', { value: true })
     document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))`,
  ],
])('a page that is %s before the script has found out who is there is one view', async ([, leave], { page, site }) => {
  // Runs right after the script, before any other task.
  const use = `(() => {
    const until = performance.now() + 20
    dispatchEvent(new PointerEvent('pointermove'))
    while (performance.now() < until);
    ${leave}
  })()`
  site.page('/', site.tag(`onload="${use}"`))
  await page.goto(site.origin)
  await site.until('page_view')
  await page.evaluate(() => window.leadlight.push(['track', 'mark']))
  await page.evaluate(() => window.leadlight.push(['flush']))
  await site.until('mark')
  const events = site.events()
  expect(events[0]!.type).toBe('page_view')
  expect(events.map(({ seq }) => seq)).toEqual([...events.keys()])
  expect(new Set(events.map(({ view }) => view)).size).toBe(1)
})

test('all campaign parameters of the list are kept', async ({ page, site }) => {
  const kept =
    'utm_source utm_medium utm_campaign utm_term utm_content utm_id gclid gbraid wbraid dclid fbclid msclkid ttclid li_fat_id twclid yclid epik rdt_cid ScCid'
  site.page('/', site.tag())
  await page.goto(site.origin + '/?' + [...kept.split(' '), 'clid', 'utm_', 'cid', 'scc'].join('=1&') + '=1')
  const [view] = await site.until('page_view')
  expect([...new URL(view!.url!).searchParams.keys()].join(' ')).toBe(kept)
})

test('a title is cut at 150 characters, and left out where titles are off', async ({ page, site }) => {
  site.page('/long', `<title>${'x'.repeat(400)}</title>${site.tag()}`)
  site.page('/off', `<title>Ada Lovelace</title>${site.tag('data-title="off"')}`)
  await page.goto(site.origin + '/long')
  await site.until('page_view')
  await page.goto(site.origin + '/off')
  const titles = (await site.until('page_view', 2)).map(view => view.title)
  expect(titles).toEqual(['x'.repeat(150), undefined])
})

test('a route change is a view of its own, with the title it gets and the page before as its referrer', async ({
  page,
  site,
}) => {
  site.page('/a', `<title>A</title>${site.tag()}`)
  await page.goto(site.origin + '/a?utm_source=paper', { referer: 'https://elsewhere.example/x' })
  await site.until('page_view')
  await push(page, '/b', 'B')
  await everything(page, site)
  const [first, second] = await site.until('page_view', 2)
  expect(first).toMatchObject({ title: 'A' })
  expect(second).toMatchObject({ url: `${site.origin}/b`, referrer: `${site.origin}/a`, title: 'B', seq: 0 })
  expect(second!.view).not.toBe(first!.view)
  await page.goBack()
  await everything(page, site)
  expect((await site.until('page_view', 3))[2]).toMatchObject({ referrer: `${site.origin}/b` })
})

test('what routers do on the way is no view: replaced state, other query, cleaned campaign, push and replace', async ({
  page,
  site,
}) => {
  site.page('/a', site.tag())
  await page.goto(site.origin + '/a?utm_source=paper')
  await site.until('page_view')
  await page.evaluate(async () => {
    const task = () => new Promise(resolve => setTimeout(resolve, 20))
    history.replaceState({ scroll: 1 }, '')
    await task()
    history.replaceState(null, '', '/a')
    await task()
    history.pushState(null, '', '/a?sort=price#top')
    await task()
    history.pushState(null, '', '/login')
    history.replaceState(null, '', '/b')
  })
  await everything(page, site)
  expect(site.events('page_view').map(view => view.url)).toEqual([
    `${site.origin}/a?utm_source=paper`,
    `${site.origin}/b`,
  ])
})

test('a kept query parameter that changes is another page', async ({ page, site }) => {
  site.page('/list', site.tag('data-query="page"'))
  await page.goto(site.origin + '/list?page=1')
  await push(page, '/list?page=2&sort=price')
  const views = await site.until('page_view', 2)
  expect(views[1]).toMatchObject({ url: `${site.origin}/list?page=2`, referrer: `${site.origin}/list` })
})

test('a campaign survives an application that has gone on before the script is there', async ({ page, site }) => {
  site.page('/landing', `<script>history.replaceState(null, '', '/home')</script>${site.tag()}`)
  await page.goto(site.origin + '/landing?utm_source=paper&utm_medium=print')
  await push(page, '/next')
  const views = await site.until('page_view', 2)
  expect(views.map(view => view.url)).toEqual([
    `${site.origin}/home?utm_source=paper&utm_medium=print`,
    `${site.origin}/next`,
  ])
})

test.for(['with', 'without'])(
  '%s the Navigation API, routes are noticed, and history stays untouched',
  async (way, { page, site }) => {
    if (way === 'without')
      await page.addInitScript(() => Object.defineProperty(window, 'navigation', { value: undefined }))
    site.page('/a', site.tag())
    await page.goto(site.origin + '/a')
    await site.until('page_view')
    await push(page, '/b')
    await site.until('page_view', 2)
    await page.evaluate(() => history.replaceState(null, '', '/c'))
    await site.until('page_view', 3)
    await page.goBack()
    expect((await site.until('page_view', 4)).map(view => new URL(view.url!).pathname)).toEqual([
      '/a',
      '/b',
      '/c',
      '/a',
    ])
    expect(await page.evaluate(() => String([history.pushState, history.replaceState]))).toMatch(
      /native code.*native code/s,
    )
  },
)

test('tracking that starts again, as after a hot reload, counts once', async ({ page, site }) => {
  site.page('/a', site.tag())
  await page.goto(site.origin + '/a')
  await site.until('page_view')
  await page.evaluate(async source => {
    for (let reloads = 0; reloads < 3; reloads++) {
      const { leadlight } = window
      if (!Array.isArray(leadlight)) leadlight.stop()
      const script = document.head.appendChild(Object.assign(document.createElement('script'), { src: source }))
      await new Promise(resolve => script.addEventListener('load', resolve))
    }
  }, site.collector + '/leadlight.js?site=wk_test')
  await push(page, '/b')
  await everything(page, site)
  expect(site.events('page_view').filter(view => view.url!.endsWith('/b'))).toHaveLength(1)
})

test('a tab in the background is a view when it is looked at, and then of the page it shows', async ({
  page,
  site,
}) => {
  await page.addInitScript(startHidden)
  site.page('/a', site.tag())
  await page.goto(site.origin + '/a')
  await push(page, '/b')
  await page.waitForTimeout(300)
  expect(site.events()).toEqual([])
  await page.evaluate('show()')
  await site.until('page_view')
  expect(site.events('page_view').map(view => view.url)).toEqual([`${site.origin}/b`])
})

test('what a hidden tab is told still counts: a payment may end there', async ({ page, site }) => {
  await page.addInitScript(startHidden)
  site.page('/paid', `${site.tag()}<script>leadlight = [['track', 'purchase', { transaction_id: 'T1' }]]</script>`)
  await page.goto(site.origin + '/paid')
  await site.until('purchase')
  expect(site.events('page_view')).toEqual([])
})

test('a prerendered page counts when it is shown, from then on', async ({ site }) => {
  site.page(
    '/a',
    `<script type="speculationrules">
      { "prerender": [{ "source": "list", "urls": ["/b"], "eagerness": "immediate" }] }
    </script><script>
      setInterval(async () => { if ((await fetch('/go')).ok) location.href = '/b' }, 100)
    </script>`,
  )
  site.page(
    '/b',
    `<script>
      const told = when => ['track', when, { prerendering: document.prerendering, stored: document.cookie !== '' }]
      leadlight = [told('at first')]
      setTimeout(() => (leadlight.push(told('before')), fetch('/told')), 1_000)
      document.addEventListener('prerenderingchange', () => setTimeout(() => leadlight.push(told('after')), 300))
    </script>${site.tag()}`,
  )
  await unattended(site.origin + '/a', async () => {
    await site.visited('/told')
    expect(site.received).toEqual([])
    site.page('/go', '')
    await site.until('after')
    const told = (when: string) => site.events(when)[0]!
    expect(told('at first').properties).toEqual({ prerendering: true, stored: false })
    expect(told('before').properties).toEqual({ prerendering: true, stored: false })
    expect(told('after').properties).toEqual({ prerendering: false, stored: true })
    expect(site.received[0]!.batch.sent_at).toBeGreaterThan(told('before').at)
    expect(told('page_view').at).toBeGreaterThan(told('before').at)
    expect(told('page_view').url).toBe(`${site.origin}/b`)
  })
})

test('a page from the back/forward cache is a view of its own, with its own engaged time', async ({ page, site }) => {
  site.page('/a', site.tag())
  await page.goto(site.origin + '/a')
  await site.until('page_view')
  await page.waitForTimeout(1_500)
  // What the browser does, as seen from the page; a later test does it with one that has such a cache.
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })))
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
  const [first, second] = await site.until('page_view', 2)
  expect(second!.view).not.toBe(first!.view)
  const [before] = await site.until('user_engagement')
  expect(before!.view).toBe(first!.view)
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })))
  const [, after] = await site.until('user_engagement', 2)
  expect(after!.view).toBe(second!.view)
  expect(Number(after!.properties!['engaged_ms'])).toBeLessThan(Number(before!.properties!['engaged_ms']))
})

test('data-hash="on": the route in the fragment is a page; a token there is none, and by default nothing is kept of it', async ({
  page,
  site,
}) => {
  const go = async (hash: string) => {
    await page.evaluate(to => (location.hash = to), hash)
    await page.waitForTimeout(400)
  }
  for (const attributes of ['', 'data-hash="on"']) {
    site.page('/', site.tag(attributes))
    await page.goto(site.origin + '/#/start?email=grace@example.org')
    for (const hash of ['/pricing', '!/team', '/team?x=1', 'access_token=secret', 'top']) await go(hash)
    await everything(page, site)
    await page.goto('about:blank')
  }
  expect(site.events('page_view').map(({ url }) => url!.slice(site.origin.length))).toEqual([
    '/',
    '/#/start',
    '/#/pricing',
    '/#!/team',
    '/#/team',
    '/',
  ])
  expect(JSON.stringify(site.received)).not.toMatch(/grace|secret/)
})
