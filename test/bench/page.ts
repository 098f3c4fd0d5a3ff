import type { Browser } from 'playwright-core'
import { launch } from '../browser/chromium.ts'
import { openWorld, type Place } from '../browser/engines/place.ts'

/** Pages of two kinds, loaded by turns; the first of each are not counted. */
const LOADS = 30
const WARM = 4

const CARDS = Array.from(
  { length: 200 },
  (_, n) => `<article><h2>Lamp ${n}</h2><p>Of oak.</p><a href="/lamps/${n}">More</a><button>Buy</button></article>`,
).join('')

interface Load {
  /** Milliseconds until the load event has ended. */
  load: number
  /** Milliseconds of its own time that the main thread worked, until the page had been at rest for a while. */
  busy: number
}

/** What the script costs the first page of a visitor, beside the same page without it. */
export async function pageCost(): Promise<Record<string, string | number>[]> {
  const world = await openWorld()
  const browser = await launch()
  try {
    const place = await world.place('cost')
    const { url } = world.collector
    place.page('/without', CARDS)
    place.page('/with', `<script async src="${url}/leadlight.js" data-site="${place.site.writeKey}"></script>${CARDS}`)
    const loads: Record<'without' | 'with', Load[]> = { without: [], with: [] }
    for (let n = 0; n < LOADS + WARM; n++) {
      for (const kind of ['without', 'with'] as const) {
        const load = await measure(browser, place, kind)
        if (n >= WARM) loads[kind].push(load)
      }
    }
    await place.close()
    const median = (kind: keyof typeof loads, field: keyof Load) => middle(loads[kind].map(load => load[field]))
    return (['load', 'busy'] as const).map(field => ({
      'of 200 product cards': field === 'load' ? 'load, ms' : 'main thread, ms',
      without: round(median('without', field)),
      with: round(median('with', field)),
      Δ: round(median('with', field) - median('without', field)),
    }))
  } finally {
    await browser.close()
    await world.close()
  }
}

async function measure(browser: Browser, place: Place, kind: string): Promise<Load> {
  const context = await browser.newContext()
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.goto(`${place.origin}/${kind}`)
  await page.waitForTimeout(300)
  const load = await page.evaluate(() => {
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    return navigation!.loadEventEnd - navigation!.startTime
  })
  const { metrics } = await session.send('Performance.getMetrics')
  await context.close()
  return { load, busy: 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) }
}

const middle = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

const round = (value: number): number => Number(value.toFixed(1))
