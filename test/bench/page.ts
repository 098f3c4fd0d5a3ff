import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { median } from '../median.ts'
import { launch } from '../browser/chromium.ts'
import { closed, listening } from '../browser/engines/line.ts'
import { start } from './process.ts'

/** Rounds, in each of which a page of each kind is loaded, another one first each time; the first rounds are not counted. */
const LOADS = 90
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

/** Whatever else is asked for, with its type. */
const FILES: Record<string, [type: string, body: string]> = {
  '/shop.css': ['text/css', 'article { float: left; width: 200px }'],
  '/lamp.svg': [
    'image/svg+xml',
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M1 1h6v6H1z"/></svg>',
  ],
  '/empty.js': ['text/javascript', ''],
  '/favicon.ico': ['image/x-icon', ''],
}

/** The page alone, with a script that is empty, and with ours; both scripts are of another origin, as a collector is. */
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
  const collector = await start(['collector', '0']) // by itself: one that takes turns with the shop makes pictures late
  const shop = createServer(({ url = '/' }, response) => {
    const [type, body] = FILES[url.split('?')[0]!] ?? [
      'text/html',
      `<!doctype html>${scripts[url.slice(1) as Kind]}${CARDS}`,
    ]
    response.setHeader('content-type', type).end(body)
  })
  await listening(shop)
  const { port } = shop.address() as AddressInfo
  const script = (src: string, site = '') => `<script async src="${src}"${site}></script>`
  const scripts: Record<Kind, string> = {
    without: '',
    empty: script(`http://127.0.0.1:${port}/empty.js`),
    with: script(`${collector.url}/leadlight.js`, ` data-site="${collector.key}"`),
  }
  const browser = await launch()
  try {
    const loads: Record<Kind, Load[]> = { without: [], empty: [], with: [] }
    for (let n = 0; n < LOADS + WARM; n++) {
      for (let turn = 0; turn < KINDS.length; turn++) {
        const kind = KINDS[(n + turn) % KINDS.length]!
        const load = await measure(browser, `http://localhost:${port}/${kind}`)
        if (n >= WARM) loads[kind].push(load)
      }
    }
    const typical = (kind: Kind, field: keyof Load) => median(loads[kind].map(load => load[field]))
    return (['load', 'busy'] as const).map(field => ({
      'of 200 product cards': field === 'load' ? 'load, ms' : 'main thread, ms',
      ...Object.fromEntries(KINDS.map(kind => [kind, round(typical(kind, field))])),
      Δ: round(typical('with', field) - typical('without', field)),
    }))
  } finally {
    await browser.close()
    await closed(shop)
    collector.stop()
  }
}

async function measure(browser: Browser, url: string): Promise<Load> {
  const context = await browser.newContext()
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.goto(url)
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
