import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Site } from './site.ts'
import { everything, test } from './test.ts'

/** Opens a page with this on it, whose links lead nowhere, as far as a listener of the page's own can see to that. */
async function open(page: Page, site: Site, html: string): Promise<void> {
  const inert = `<script>
    for (const kind of ['click', 'auxclick']) document.addEventListener(kind, event => {
      if (event.target.closest('a, area')) event.preventDefault()
    })</script>`
  site.page('/', site.tag() + html + inert)
  await page.goto(site.origin)
  await site.until('page_view')
}

test.for([
  [
    'a document',
    '<a href="/files/Guide.PDF?token=1#p2"> The <b>guide</b> </a>',
    'file_download',
    { link_url: '/files/Guide.PDF', link_text: 'The guide' },
  ],
  [
    'a download of another site is a download only',
    '<a href="https://cdn.example/app.dmg">x</a>',
    'file_download',
    { link_url: 'https://cdn.example/app.dmg', link_text: 'x' },
  ],
  [
    'a download by attribute',
    '<a href="/report/42" download>x</a>',
    'file_download',
    { link_url: '/report/42', link_text: 'x', download: '' },
  ],
  [
    'a download by attribute, with a name',
    '<a href="/report/42" download="Report.epub">x</a>',
    'file_download',
    { link_url: '/report/42', link_text: 'x', download: 'Report.epub' },
  ],
  [
    'a download made on the page, without its content',
    '<a href="data:text/csv,ada@example.org" download="a.csv">x</a>',
    'file_download',
    { link_url: 'data:', link_text: 'x', download: 'a.csv' },
  ],
  [
    'a way out',
    '<a href="https://partner.example/shop?email=ada@example.org">x</a>',
    'click',
    { link_url: 'https://partner.example/shop' },
  ],
  [
    'an e-mail, without the address',
    '<a href="mailto:ada@example.org?subject=hi">x</a>',
    'click',
    { link_url: 'mailto:' },
  ],
  ['a call, without the number', '<a href="tel:+4712345678">x</a>', 'click', { link_url: 'tel:' }],
  [
    'an area of a map',
    '<map name="m"><area shape="rect" coords="0,0,50,50" href="https://partner.example/"></map><img usemap="#m" width="50" height="50" src="data:,">',
    'click',
    { link_url: 'https://partner.example/' },
  ],
  [
    'an SVG link',
    '<svg><a href="https://partner.example/"><rect width="50" height="50"/></a></svg>',
    'click',
    { link_url: 'https://partner.example/' },
  ],
] as const)('%s', async ([, html, type, expected], { page, site }) => {
  await open(page, site, html)
  await page.locator('a, area').first().dispatchEvent('click')
  const [, event] = await everything(page, site)
  const properties = {
    ...event!.properties,
    link_url: (event!.properties!['link_url'] as string).replace(site.origin, ''),
  }
  expect(properties).toEqual(expected)
  expect(site.events().map(each => each.type)).toEqual(['page_view', type, 'end'])
})

test.for([
  ['a link within the site', '<a href="/contact">x</a>'],
  ['a script', '<a href="javascript:void 0">x</a>'],
  ['an anchor without address', '<a>x</a>'],
  ['an address that is none', '<a href="http://[">x</a>'],
  ['anything ignored', '<div data-ll-ignore><a href="/guide.pdf" data-ll-event="x">x</a></div>'],
])('%s is no event', async ([, html], { page, site }) => {
  await open(page, site, html!)
  await page.locator('a').dispatchEvent('click')
  expect((await everything(page, site)).map(event => event.type)).toEqual(['page_view'])
})

test('the middle button and the Enter key open links too; the right button does not', async ({ page, site }) => {
  await open(page, site, '<a href="/guide.pdf">x</a>')
  await page.click('a', { button: 'right' })
  await page.click('a', { button: 'middle' })
  await page.focus('a')
  await page.keyboard.press('Enter')
  const seen = await everything(page, site)
  expect(seen.filter(event => event.type === 'file_download')).toHaveLength(2)
})

test('no handler of the page comes before: not even one that stops everything', async ({ page, site }) => {
  await open(
    page,
    site,
    `<a href="/guide.pdf">x</a><script>
    document.addEventListener('click', event => event.stopImmediatePropagation(), true)</script>`,
  )
  await page.click('a')
  await site.until('file_download')
})

test('links and marked elements in shadow trees, and text in links', async ({ page, site }) => {
  await open(
    page,
    site,
    `<a id="outer" href="/outer.pdf"><x-card></x-card></a><script>
    customElements.define('x-card', class extends HTMLElement {
      constructor() { super(); this.attachShadow({ mode: 'open' }).innerHTML = '<b>card</b><button data-ll-event="inner">b</button>' }
    })</script>`,
  )
  await page.click('b')
  await page.click('button')
  await everything(page, site)
  expect(site.events('file_download').map(event => event.properties!['link_url'])).toEqual(
    Array(2).fill(`${site.origin}/outer.pdf`),
  )
  expect(site.events('inner')).toHaveLength(1)
})

test('an ignored host hides its shadow tree', async ({ page, site }) => {
  await open(
    page,
    site,
    `<x-card data-ll-ignore></x-card><script>
    customElements.define('x-card', class extends HTMLElement {
      constructor() { super(); this.attachShadow({ mode: 'open' }).innerHTML = '<button data-ll-event="inner">b</button>' }
    })</script>`,
  )
  await page.click('button')
  await everything(page, site)
  expect(site.events('inner')).toEqual([])
})

test('data-ll-event tells its event, with the other attributes as properties, as they are', async ({ page, site }) => {
  await open(
    page,
    site,
    `<button data-ll-event="add_to_cart" data-ll-item_id="0042" data-ll-variant_id="7" data-ll-price="19.90"
    data-ll-quantity="2" data-ll-discount="-1.5" data-ll-currency="NOK" data-ll-postal_code="0150" data-ll-size="1e3" data-ll-empty><i>Buy</i></button>`,
  )
  await page.click('i')
  const [, event] = await everything(page, site)
  expect(event!.properties).toEqual({
    item_id: '0042',
    variant_id: '7',
    price: '19.90',
    quantity: '2',
    discount: '-1.5',
    currency: 'NOK',
    postal_code: '0150',
    size: '1e3',
    empty: '',
  })
})

test('on a form, data-ll-event is told when it is submitted, not when it is clicked', async ({ page, site }) => {
  await open(
    page,
    site,
    `<form data-ll-event="search" data-ll-form="x" data-ll-scope="all" onsubmit="return false">
    <input name="q"><button>go</button></form>`,
  )
  await page.click('input')
  await page.click('button')
  await everything(page, site)
  expect(site.events('search').map(event => event.properties)).toEqual([{ scope: 'all' }])
})

test('own addresses say where they lead', async ({ page, site }) => {
  await open(page, site, '<a href="https://127.0.0.1/other">x</a>')
  await page.locator('a').dispatchEvent('click')
  await everything(page, site)
  expect(site.events('click')).toEqual([])
})
