import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Batch } from '../../../shared/batch.ts'
import type { StoredEvent } from '../../../shared/event.ts'
import type { Tab } from './engine.ts'
import { LATER } from '../behaviours/behaviour.ts'
import { FILTERED, OVERLOADED, type Line } from './line.ts'
import type { Place } from './place.ts'
import { newProfile, removeProfile } from './profile.ts'
import type { Surroundings } from './suite.ts'
import { gone, layWalk, WAYS } from './walk.ts'

/** Milliseconds for a round trip to the collector and back. */
const LATENCY = 80
/** Windows that are used at once. */
const AT_ONCE = 4

/** Milliseconds after which what a page has stored is on disk, where no end of the browser takes it away. */
const ON_DISK = { chromium: 6_000, firefox: 6_000, webkit: 1_500 }

/**
 * The script from the site itself: a collector that is away cannot hand it out either, and not every browser reloads a page
 * with the script from its cache.
 */
function hosted(place: Place): string {
  const script = readFileSync(new URL('../../../dist/leadlight.js', import.meta.url), 'utf8')
  place.page('/leadlight.js', script, { 'content-type': 'text/javascript', 'cache-control': 'max-age=3600' })
  return `<script async src="/leadlight.js" data-site="${place.site.writeKey}" data-host="${place.line.origin}"></script>`
}

/** What the collector reports of it. */
interface Lost {
  missing: number
  loss: { rate: number }
}

/** Sends a tab on its way. From a page at rest, as a driver would wait until one has come to rest. */
const setOut = (tab: Tab) => tab.evaluate(() => void setTimeout(() => (location.href = '/walk/0')))

/** Whether a tab shows that page by now, and the script runs there. Whoever is on the way cannot be asked. */
const tracked = (tab: Tab, path: string): Promise<boolean> =>
  tab
    .evaluate(wanted => location.pathname === wanted && 'track' in (window.leadlight as object), path)
    .catch(() => false)

/** Every view once, every number within it once, none left out. */
function expectWhole(place: Place): void {
  const views = Map.groupBy(place.events(), ({ view }) => view)
  for (const [view, events] of views) {
    const numbers = events.map(({ seq }) => seq).toSorted((a, b) => a! - b!)
    const what = `${view}: ${events.map(({ type, seq, url, at }) => `${seq} ${type} ${url} ${at}`).join(', ')}`
    expect(numbers, what).toEqual([...numbers.keys()])
    expect(
      events.filter(({ type }) => type === 'page_view'),
      what,
    ).toHaveLength(1)
  }
}

/**
 * Waits until a walk of so many steps and so many `other` views have arrived, and leaves the browser. Then every step is
 * there, all of it once, and each way was really gone.
 */
async function expectWalked(place: Place, steps: number, other: number, leave: () => Promise<void>): Promise<void> {
  // One more, on which the walk ends.
  const views = steps + 1 + other
  try {
    await place.until('leaving', steps)
    await place.until('page_view', views)
  } finally {
    await leave()
  }
  const number = ({ properties }: StoredEvent) => Number(properties['step'])
  const told = place.events('leaving').toSorted((a, b) => number(a) - number(b))
  expect(told.map(number)).toEqual([...Array(steps).keys()])
  expect(place.count('page_view')).toBe(views)
  expectWhole(place)
  const ways = gone(told)
  for (const way of WAYS) {
    // A quarter is meant; where a page is stuck, it is less.
    expect(ways.filter(each => each === way).length, way).toBeGreaterThanOrEqual(steps / 6)
  }
}

/** Views of a run that is to be short; all of them take minutes of an engine. */
const SOME = 120

/**
 * Steps of one walk: few enough that it is over before its pages adopt what those before them seem to have left behind. A
 * page that is gone hears of no answer, and WebKit opens a connection for each request, so that the tag would wait for
 * all that is sent again.
 */
const LONG = 24
/** Steps of a walk that is not about numbers. */
const SHORT = 12

/**
 * What was tracked arrives, through TLS and a network that takes its time: four fifths of the views are left by navigation,
 * the others by closing the tab. LEADLIGHT_TEST_DELIVERY=full makes it as many `views` as are given.
 */
export function deliver(surroundings: Surroundings, views: number): void {
  const wanted = process.env['LEADLIGHT_TEST_DELIVERY'] === 'full' ? views : SOME
  const closes = wanted * 0.2

  test('left by link, script, reload and back: everything arrives, once', async () => {
    const { browser, world } = surroundings
    let walked = 0
    const walk = async () => {
      while (walked < wanted - closes) {
        walked += LONG
        const place = await world.place('walk')
        place.line.latency = LATENCY
        place.page('/start', place.tag())
        layWalk(place, LONG)
        const tab = await browser.open(`${place.origin}/start`)
        await setOut(tab)
        await expectWalked(place, LONG, 1, () => tab.close())
        await place.close()
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, walk))
  })

  test('left by closing the tab: at least 99.5 % arrives, once', async () => {
    const { engine, browser, world } = surroundings
    const place = await world.place('close')
    place.line.latency = LATENCY
    place.page('/', place.tag())
    let opened = 0
    const visit = async () => {
      while (opened++ < closes) {
        const tab = await browser.open(`${place.origin}/`)
        await tab.evaluate(async () => {
          while (!('track' in window.leadlight)) await new Promise(resolve => setTimeout(resolve, 5))
          window.leadlight.push(['track', 'leaving', { way: 'close' }])
        })
        await tab.close()
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, visit))
    // What has not come by then does not come.
    await place
      .expect('all of them', () => place.count('leaving') === closes && place.count('page_view') === closes)
      .catch(() => {})
    const [seen, leaving] = ['page_view', 'leaving'].map(type => place.count(type))
    console.log(`${engine.name}: of ${closes} tabs closed, ${seen} views and ${leaving} last words arrived`)
    expect(seen! / closes).toBeGreaterThanOrEqual(0.995)
    expect(leaving! / closes).toBeGreaterThanOrEqual(0.995)
    await place.close()
  })

  test.for<[name: string, fault: Line['fault']]>([
    ['cannot be reached', 'unreachable'],
    ['is blocked by a filter', FILTERED],
    ['answers 503', OVERLOADED],
  ])(
    'while the collector %s, nothing is lost: all of it arrives afterwards, once',
    { concurrent: true },
    async ([, fault]) => {
      const { browser, world } = surroundings
      const place = await world.place('outage')
      const tag = hosted(place)
      place.page('/start', tag)
      place.page('/afterwards', LATER + tag)
      layWalk(place, SHORT, tag)
      const tab = await browser.open(`${place.origin}/start`)
      await place.until('page_view')
      place.line.fault = fault
      await setOut(tab)
      await place.expect('the end of the walk', () => place.asked.includes(`/walk/${SHORT}`))
      while (!(await tracked(tab, `/walk/${SHORT}`))) await wait(100)
      await wait(500)
      expect(place.events('leaving')).toEqual([])
      place.line.fault = null
      await tab.go(`${place.origin}/afterwards`)
      await expectWalked(place, SHORT, 2, () => tab.close())
      await place.close()
    },
  )

  test('the loss that gaps in running numbers tell of is the loss there was', { concurrent: true }, async () => {
    const { browser, world } = surroundings
    const place = await world.place('gaps')
    place.page('/', place.tag())
    const tab = await browser.open(`${place.origin}/`)
    await place.until('page_view')
    let posts = 0
    let lost = 0
    place.line.loses = ({ body }) => {
      if (++posts % 4 !== 0) return false
      lost += (JSON.parse(String(body)) as Batch).events.length
      return true
    }
    for (let round = 0; round < 24; round++) {
      await tab.evaluate(
        count => {
          for (let n = 0; n < count; n++) window.leadlight.push(['track', 'scroll', { n }])
          window.leadlight.push(['flush'])
        },
        1 + (round % 5),
      )
      await place.expect('the request', () => posts > round)
    }
    place.line.loses = null
    await tab.evaluate(() => {
      window.leadlight.push(['track', 'end'])
      window.leadlight.push(['flush'])
    })
    await place.until('end')
    await place.expect('all answers', () => place.line.requests.every(({ status }) => status > 0))
    const report = await world.collector.ask<Lost>(`/v1/reports/delivery?site=${place.site.id}`)
    const received = place.events().length
    expect(lost).toBeGreaterThan(10)
    expect(report).toMatchObject({ views: 1, received, missing: lost })
    expect(report.loss.rate).toBeCloseTo(lost / (lost + received), 1)
    await tab.close()
    await place.close()
  })

  test(
    'when the browser is killed, what it could not send arrives with the next visit, once',
    { concurrent: true },
    async () => {
      const { engine, world } = surroundings
      const place = await world.place('kill')
      const profile = await newProfile()
      const tag = hosted(place)
      place.page('/start', `${tag}<script>setTimeout(() => (location = '/walk/0'), 2000)</script>`)
      place.page('/afterwards', LATER + tag)
      layWalk(place, SHORT, tag)
      try {
        const first = await engine.visit(`${place.origin}/start`, profile)
        await place.until('page_view')
        place.line.fault = 'unreachable'
        await place.expect('the end of the walk', () => place.asked.includes(`/walk/${SHORT}`))
        await wait(ON_DISK[engine.name])
        await first.kill()
        expect(place.events('leaving')).toEqual([])
        place.line.fault = null
        const second = await engine.visit(`${place.origin}/afterwards`, profile)
        await expectWalked(place, SHORT, 2, () => second.kill())
      } finally {
        await removeProfile(profile)
        await place.close()
      }
    },
  )
}
