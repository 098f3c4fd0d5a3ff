import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LANGUAGES, type Language } from '../../../collector/dashboard/words.ts'
import { FACETS } from '../../../shared/facet.ts'
import type { Model } from '../../../shared/model.ts'
import type { TestCollector } from '../../collector.ts'
import { wireEvent } from '../../collector.ts'
import { PASSWORD } from '../../dashboard/browserless.ts'
import { filledCollector } from '../../dashboard/filled.ts'
import { launch } from '../chromium.ts'
import { PAYLOADS } from './payloads.ts'

// The dashboard in a real browser, on a month of the demo's visitors.

let collector: TestCollector
let browser: Browser
let signedIn: Awaited<ReturnType<BrowserContext['storageState']>>
/** Somebody who waits for sales' decision. */
let waiting: string
/** A version of the model that is not live. */
let draft: number

beforeAll(async () => {
  collector = await filledCollector()
  browser = await launch()
  const context = await browser.newContext({ locale: 'en-US' })
  const page = await context.newPage()
  await page.goto(collector.loginLink!)
  await page.fill('#password', PASSWORD)
  await page.click('button.primary')
  await page.waitForURL('**/home')
  signedIn = await context.storageState()
  await context.close()
  const { data } = await collector.ask<{ data: { id: string }[] }>('/v1/leads?stage=mql&limit=1')
  waiting = data[0]!.id
  const { document } = await collector.ask<{ document: Model }>('/v1/models/1')
  const rules = document.rules.map(rule =>
    typeof rule.points === 'number' ? { ...rule, points: rule.points * 2 } : rule,
  )
  const body = { ...document, name: 'Twice as much', rules }
  draft = (await collector.ask<{ version: number }>('/v1/models', body)).version
})
afterAll(async () => {
  await browser.close()
  await collector.close()
})

/** Pages that are looked at, by name; a new one is one line. */
const PAGES: Record<string, () => string> = {
  Home: () => '/home',
  Leads: () => '/leads?limit=5',
  'the inbox, filtered': () => '/leads?stage=mql&limit=3&score_gte=1&page=/',
  'a lead': () => `/leads/${waiting}`,
  'content by page': () => '/content',
  'campaigns by first touch': () => '/content?by=campaign&touch=first&sort=-mql_rate&days=90',
  scoring: () => '/scoring',
  'the rules as a form': () => '/scoring/1/edit',
  'a draft': () => `/scoring/${draft}`,
  'a back-test of too few outcomes': () => `/scoring/${draft}/backtest`,
  'suggested points': () => '/scoring/1/suggestions',
  preferences: () => '/preferences',
  'settings of the site': () => '/settings',
  keys: () => '/settings/keys',
  destinations: () => '/settings/webhooks',
  privacy: () => '/settings/privacy',
  quarantine: () => '/settings/quarantine',
  live: () => '/settings/live',
  health: () => '/settings/health',
  'set-up': () => '/setup',
  'what to install': () => '/setup/install?for=wordpress',
  'whether it works': () => '/setup/verify',
  'rules to begin with': () => '/setup/model',
  'a problem': () => '/leads?limit=0',
}

const languages = Object.keys(LANGUAGES) as Language[]
const cookie = (language: Language, theme: string) => ({
  name: 'leadlight-preferences',
  value: `language=${language}&theme=${theme}`,
  url: collector.url,
})

const open = async (options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> =>
  (await browser.newContext({ locale: 'en-US', storageState: signedIn, ...options })).newPage()

describe('accessible', () => {
  const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

  async function violationsOf(page: Page): Promise<string[]> {
    const axe = new AxeBuilder({ page }).withTags(WCAG).setLegacyMode()
    const { violations } = await axe.analyze()
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(node => `${id}: ${node.target.join(' ')} – ${node.failureSummary ?? ''}`),
    )
  }

  // Marks and colours are the same whatever the words: each page is looked at in English and, in turn, in another
  // language, the one in light and the other in dark.
  // LEADLIGHT_TEST_AXE=all looks at every page in every language, light and dark.
  const others = languages.filter(language => language !== 'en')
  const looksAt = (place: number): { language: Language; theme: string }[] =>
    process.env['LEADLIGHT_TEST_AXE'] === 'all'
      ? languages.flatMap(language => ['light', 'dark'].map(theme => ({ language, theme })))
      : [
          { language: 'en', theme: place % 2 === 0 ? 'light' : 'dark' },
          { language: others[place % others.length]!, theme: place % 2 === 0 ? 'dark' : 'light' },
        ]

  test.each(Object.entries(PAGES))('%s, in light and dark, in more than one language', async (name, path) => {
    const page = await open()
    for (const { language, theme } of looksAt(Object.keys(PAGES).indexOf(name))) {
      await page.context().addCookies([cookie(language, theme)])
      await page.goto(collector.url + path())
      expect(await page.getAttribute('html', 'lang')).toBe(language)
      await page.evaluate(() => document.querySelectorAll('details').forEach(part => (part.open = true)))
      expect(await violationsOf(page), `${language}, ${theme}`).toEqual([])
    }
    await page.context().close()
  })

  test('whoever is not signed in', async () => {
    const context = await browser.newContext({ locale: 'en-US' })
    const page = await context.newPage()
    for (const path of ['/login', '/login/used-up'])
      for (const theme of ['light', 'dark']) {
        await context.addCookies([cookie('en', theme)])
        await page.goto(collector.url + path)
        expect(await violationsOf(page), `${path}, ${theme}`).toEqual([])
      }
    await context.close()
  })
})

test('nothing is wider than a small telephone, in any language', async () => {
  const page = await open({ viewport: { width: 320, height: 640 } })
  for (const [name, path] of Object.entries(PAGES)) {
    for (const language of languages) {
      await page.context().addCookies([cookie(language, 'light')])
      await page.goto(collector.url + path())
      const tooWide = await page.evaluate(() =>
        document.documentElement.scrollWidth <= 320
          ? []
          : Array.from(document.querySelectorAll('main *'))
              .filter(part => part.getBoundingClientRect().right > 320)
              .map(part => `${part.tagName} ${part.textContent.trim().slice(0, 40)}`),
      )
      expect(tooWide, `${name}, ${language}`).toEqual([])
    }
  }
  await page.context().close()
})

test('a page transfers less than 60 KB in total, and asks nobody else', async () => {
  for (const [name, path] of Object.entries(PAGES)) {
    const page = await open()
    const client = await page.context().newCDPSession(page)
    await client.send('Network.enable')
    let bytes = 0
    client.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength))
    const hosts = new Set<string>()
    page.on('request', request => hosts.add(new URL(request.url()).host))
    await page.goto(collector.url + path(), { waitUntil: 'networkidle' })
    expect(bytes, name).toBeLessThan(60_000)
    expect([...hosts], name).toEqual([new URL(collector.url).host])
    await page.context().close()
  }
})

test('by keyboard alone: find an MQL, read why, reject it with a reason, edit a rule, publish', async () => {
  const page = await open()
  /** Tabs until the focus is where it should be. */
  const tabTo = async (selector: string): Promise<void> => {
    for (let presses = 0; presses < 150; presses++) {
      await page.keyboard.press('Tab')
      if (await page.evaluate(wanted => document.activeElement?.matches(wanted), selector)) return
    }
    throw new Error(`The focus never came to ${selector}.`)
  }
  await page.goto(`${collector.url}/home`)
  await tabTo('.needs a[href*="stage=mql"]')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/leads?stage=mql')
  await tabTo('.leads .who a')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/leads\/[0-9a-f-]+$/)
  const id = page.url().split('/').at(-1)!
  await tabTo('.why summary')
  await page.keyboard.press('Enter')
  expect(await page.locator('.why details').first().getAttribute('open')).not.toBeNull()
  await page.reload()
  await tabTo('.reject > summary')
  await page.keyboard.press('Enter')
  await tabTo('.reject select')
  await page.keyboard.press('n') // the first reason with that letter
  await tabTo('.reject input[name="note"]')
  await page.keyboard.type('By keyboard')
  await tabTo('.reject button[value="disqualified"]')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.notice')
  const { data } = await collector.ask<{ data: { to: string; reason: string; note: string }[] }>(
    `/v1/leads/${id}/transitions`,
  )
  expect(data.at(-1)).toMatchObject({ to: 'disqualified', reason: 'not_fit', note: 'By keyboard' })

  await tabTo('nav a[href="/scoring"]')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/scoring')
  await tabTo('a[href$="/edit"]')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/scoring/1/edit')
  await tabTo('input[name="points-0"]')
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('7')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/scoring\/\d+$/)
  const edited = page.url().split('/').at(-1)
  await tabTo('main button.primary')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/scoring')
  const now = await collector.ask<{ status: string; document: Model }>(`/v1/models/${edited}`)
  expect(now.status).toBe('live')
  expect(now.document.rules[0]).toMatchObject({ points: 7 })
  await page.context().close()
})

test(`${PAYLOADS.length} hostile texts in every tracked field are read as text, on every page`, async () => {
  expect(PAYLOADS.length).toBeGreaterThanOrEqual(100)
  for (const [index, hostile] of PAYLOADS.entries()) {
    const query = new URLSearchParams(
      ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'].map(name => [name, hostile]),
    )
    const url = `${collector.url}/${encodeURIComponent(hostile.toWellFormed()).slice(0, 300)}?${query}`.slice(0, 4_000)
    const traits = { name: hostile, company: hostile, role: hostile, [hostile.slice(0, 100)]: hostile }
    const facts = { url, referrer: hostile.slice(0, 4_000), title: hostile, view: hostile.slice(0, 60), seq: 0 }
    const properties = {
      item_id: hostile,
      item_name: hostile,
      file_name: hostile,
      link_url: hostile,
      search_term: hostile,
    }
    const answer = await collector.send({
      visitor: `hostile-${index} ${hostile.slice(0, 60)}`,
      events: [
        wireEvent('page_view', facts, 5_000),
        wireEvent(hostile.slice(0, 100), { ...facts, properties }, 4_000),
        wireEvent('add_to_cart', { properties }, 3_000),
        wireEvent('file_download', { properties: { ...properties, file_extension: 'pdf' } }, 2_000),
        wireEvent(
          'form_submit',
          { properties: { form_kind: 'quote', form_name: hostile, form_id: hostile, traits } },
          1_000,
        ),
        { ...wireEvent('broken'), id: hostile },
      ],
    })
    expect(answer.status).toBe(202)
  }

  const page = await open()
  const found: string[] = []
  page.on('dialog', dialog => {
    found.push(`dialog on ${page.url()}`)
    void dialog.dismiss()
  })
  page.on('request', request => {
    if (!request.url().startsWith(collector.url) && !request.url().startsWith('data:'))
      found.push(`asked ${request.url()}`)
  })
  await page.exposeFunction('hit', (what: string) => found.push(`${what} on ${page.url()}`))
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', event =>
      (window as unknown as { hit: (what: string) => void }).hit(`${event.violatedDirective} ${event.blockedURI}`),
    ),
  )
  const paths = ['/home', '/leads?stage=mql,lead,visitor&sort=-last_seen']
  paths.push('/scoring', '/scoring/1/edit', `/scoring/${draft}`, `/scoring/${draft}/backtest`, '/scoring/1/suggestions')
  paths.push('/settings', '/settings/quarantine', '/settings/live', '/settings/health', '/setup/verify')
  for (const by of FACETS) paths.push(`/content?by=${by}&days=7`)
  for (let after: string | null | undefined = ''; after !== null;) {
    const list: { data: { id: string }[]; paging: { next?: { after: string } } } = await collector.ask(
      `/v1/leads?sort=-last_seen&limit=${PAYLOADS.length}`,
    )
    paths.push(...list.data.map(({ id }) => `/leads/${id}`))
    after = null
  }
  for (const hostile of PAYLOADS.slice(0, 30)) {
    const text = encodeURIComponent(hostile.toWellFormed().slice(0, 200))
    paths.push(`/leads?q=${text}&company=${text}&page=${text}&label=${text}`, `/login?back=${text}`)
  }
  for (const path of paths) {
    await page.goto(collector.url + path, { waitUntil: 'domcontentloaded' })
    await page.evaluate(() => document.querySelectorAll('details').forEach(part => (part.open = true)))
  }
  expect(found).toEqual([])
  await page.context().close()
})
