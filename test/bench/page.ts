import type { Browser } from 'playwright-core'
import { median } from '../median.ts'
import { launch } from '../browser/chromium.ts'
import { openWorld, type Place } from '../browser/engines/place.ts'

/** Pages of each kind, loaded by turns; the first of each are not counted. */
const LOADS = 30
const WARM = 4
/** Different ones on a page. */
const PICTURES = 12

/**
 * Products as shops show them, with a style sheet and pictures: the load event waits for those in any case. On a page that
 * is nothing but text it comes before the first layout, and an empty script alone would delay it by some 40 ms.
 */
const CARDS =
  '<link rel="stylesheet" href="/shop.css">' +
  Array.from(
    { length: 200 },
    (_, n) =>
      `<article><img src="/lamp.svg?${n % PICTURES}" width="80" height="80" alt=""><h2>Lamp ${n}</h2><p>Of oak.</p>
       <a href="/lamps/${n}">More</a><button>Buy</button></article>`,
  ).join('')

const STYLE = 'article { float: left; width: 200px }'
const PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M1 1h6v6H1z"/></svg>'

/** The page alone, with a script that is empty, and with ours. */
const KINDS = ['without', 'empty', 'with'] as const
type Kind = (typeof KINDS)[number]

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
    place.page('/shop.css', STYLE, { 'content-type': 'text/css' })
    place.page('/lamp.svg', PICTURE, { 'content-type': 'image/svg+xml' })
    place.page('/empty.js', '', { 'content-type': 'text/javascript' })
    const scripts: Record<Kind, string> = {
      without: '',
      empty: '<script async src="/empty.js"></script>',
      with: `<script async src="${url}/leadlight.js" data-site="${place.site.writeKey}"></script>`,
    }
    const loads: Record<Kind, Load[]> = { without: [], empty: [], with: [] }
    for (const kind of KINDS) place.page(`/${kind}`, scripts[kind] + CARDS)
    for (let n = 0; n < LOADS + WARM; n++) {
      for (const kind of KINDS) {
        const load = await measure(browser, place, kind)
        if (n >= WARM) loads[kind].push(load)
      }
    }
    await place.close()
    const typical = (kind: Kind, field: keyof Load) => median(loads[kind].map(load => load[field]))
    return (['load', 'busy'] as const).map(field => ({
      'of 200 product cards': field === 'load' ? 'load, ms' : 'main thread, ms',
      ...Object.fromEntries(KINDS.map(kind => [kind, round(typical(kind, field))])),
      Δ: round(typical('with', field) - typical('without', field)),
    }))
  } finally {
    await browser.close()
    await world.close()
  }
}

async function measure(browser: Browser, place: Place, kind: Kind): Promise<Load> {
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

const round = (value: number): number => Number(value.toFixed(1))
