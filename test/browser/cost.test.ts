import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { median } from '../median.ts'
import { launch } from './chromium.ts'
import { tasksOf } from './cost.ts'
import { openWorld, type World } from './engines/place.ts'

// What the script costs a page, on a processor a fourth as fast: no task of 50 milliseconds is its doing.

const LONG = 50
/** On a machine on which nothing at all is done in that, what a bare beacon takes tells what is long: so many times as much. */
const TIMES_BARE = 3
const ATTEMPTS = 8

let world: World
let browser: Browser
beforeAll(async () => {
  world = await openWorld()
  browser = await launch({ args: ['--ignore-certificate-errors'] })
})
afterAll(async () => {
  await browser?.close()
  await world?.close()
})

const CARDS = `<article><h2>Lamp</h2><img src="data:,"><a href="/lamp">More</a><button>Buy</button></article>`.repeat(
  200,
)

/** What no tracker can do without: it knows its visitor again, listens, and sends one view. */
const BARE = `{
  const visitor = localStorage.getItem('visitor') || crypto.randomUUID()
  localStorage.setItem('visitor', visitor)
  document.cookie = 'visitor=' + visitor
  for (const kind of ['click', 'auxclick', 'input', 'submit', 'keydown', 'scroll'])
    document.addEventListener(kind, () => {}, { passive: true })
  for (const kind of ['pagehide', 'pageshow', 'visibilitychange', 'blur'])
    addEventListener(kind, () => {}, { passive: true })
  const view = { visitor, url: location.href, title: document.title, referrer: document.referrer, at: Date.now() }
  fetch('/seen', { method: 'POST', keepalive: true, body: JSON.stringify(view) })
}`

const PREVENT = `<script>document.addEventListener('click', event => event.preventDefault())</script>`

/**
 * Expects that no task of the script is long while a page is loaded and used. Of several attempts the best counts, as
 * whatever else goes on in a machine only makes it longer; by turns with it the same page is used with a bare beacon.
 */
async function expectShort(name: string, body: string, use: (page: Page) => Promise<void> = async () => {}) {
  const place = await world.place(name)
  place.page('/ours', place.tag() + body)
  place.page('/bare', '<script async src="/bare.js"></script>' + body)
  place.page('/bare.js', BARE, { 'content-type': 'text/javascript' })
  const views = () => place.count('page_view') + place.asked.filter(path => path === '/seen').length
  const longest = async (path: string, script: string) => {
    const tasks = await tasksOf(browser, script, async page => {
      const before = views()
      await page.goto(place.origin + path)
      await place.expect('the view', () => views() > before)
      // Storage is opened when the page is idle.
      await page.waitForTimeout(500)
      await use(page)
    })
    return Math.max(...tasks.map(({ ours }) => ours))
  }
  const ours: number[] = []
  const bare: number[] = []
  const short = () => Math.min(...ours) < Math.max(LONG, TIMES_BARE * median(bare))
  while (ours.length < ATTEMPTS && !(ours.length > 0 && short())) {
    bare.push(await longest('/bare', 'bare.js'))
    ours.push(await longest('/ours', 'leadlight.js'))
  }
  const shown = (times: number[]) => times.map(each => each.toFixed(1)).join(', ')
  console.log(`${name}: ${shown(ours)} ms in the longest task; of a bare beacon ${shown(bare)}`)
  expect(Math.min(...ours)).toBeGreaterThan(0)
  expect(short()).toBe(true)
  await place.close()
}

test('on load', () => expectShort('load', CARDS))

test('on 10,000 clicks', () =>
  expectShort(
    'clicks',
    `<button>Plain</button> <a href="/page">Page</a> <a href="/guide.pdf">Guide</a>
     <button data-ll-event="add_to_wishlist" data-ll-item_id="A1" data-ll-price="19.9">Wish</button>${PREVENT}`,
    page =>
      page.evaluate(async () => {
        const { port1, port2 } = new MessageChannel()
        const turn = () =>
          new Promise<void>(resolve => {
            port1.addEventListener('message', () => resolve(), { once: true })
            port1.start()
            port2.postMessage(null)
          })
        const elements = [...document.querySelectorAll<HTMLElement>('button, a')]
        for (let n = 0; n < 10_000; n++) {
          // Most clicks of a page mean nothing.
          elements[n % 20 < 17 ? n % 2 : n % 4]!.click()
          await turn()
        }
      }),
  ))

test('on a page with 5,000 links', () =>
  expectShort(
    'links',
    Array.from({ length: 5_000 }, (_, n) => `<a href="/files/${n}.pdf">File ${n}</a> `).join('') + PREVENT,
    async page => {
      for (const n of [0, 2_500, 4_999]) await page.locator(`a[href="/files/${n}.pdf"]`).dispatchEvent('click')
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight))
      await page.waitForTimeout(300)
    },
  ))

test('one passive listener a kind of event, and none that keeps a page out of the back/forward cache', async () => {
  const place = await world.place('listeners')
  place.page(
    '/',
    `<script>{
      window.added = []
      const { addEventListener } = EventTarget.prototype
      EventTarget.prototype.addEventListener = function (kind, listener, options) {
        if (!added.some(each => each.target === this && each.kind === kind && each.listener === listener))
          added.push({ target: this, kind, listener, passive: options?.passive, ours: new Error().stack.includes('leadlight.js') })
        return addEventListener.call(this, kind, listener, options)
      }
    }</script>${place.tag()}<a href="/guide.pdf">x</a><form><input></form>`,
  )
  const context = await browser.newContext({ ignoreHTTPSErrors: true })
  const page = await context.newPage()
  await page.goto(place.origin)
  await place.until('page_view')
  // Neither new views nor use adds to them.
  for (const path of ['/a', '/b']) {
    await page.evaluate(to => history.pushState(null, '', to), path)
    await page.fill('input', path)
    await page.waitForTimeout(200)
  }
  type Added = { kind: string; passive: unknown; ours: boolean }
  const ours = await page.evaluate(() =>
    (window as unknown as { added: Added[] }).added
      .filter(each => each.ours)
      .map(({ kind, passive }) => ({ kind, passive })),
  )
  await context.close()
  const kinds = ours.map(({ kind }) => kind)
  expect(kinds).toEqual([...new Set(kinds)])
  expect(kinds).toEqual(
    expect.arrayContaining(['click', 'auxclick', 'input', 'submit', 'pagehide', 'visibilitychange']),
  )
  expect(kinds).not.toEqual(expect.arrayContaining(['unload']))
  expect(kinds).not.toEqual(expect.arrayContaining(['beforeunload']))
  expect(ours.filter(({ passive }) => passive !== true)).toEqual([])
  await place.close()
})
