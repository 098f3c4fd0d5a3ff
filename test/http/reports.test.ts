import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY, HOUR } from '../../shared/instant.ts'
import { ADMIN_KEY, testCollector, wireEvent, type TestCollector } from '../collector.ts'
import { tell } from './tell.ts'

let collector: TestCollector
let serverKey: string
/** Noon of a Saturday in spring: clocks go forward in the night after it, in all of Europe. */
const START = Date.parse('2026-03-28T11:00:00Z')

/** Sends from a server, which may tell of any past time. */
async function told(visitor: string, ...events: { type: string; at: number; url?: string; properties?: object }[]) {
  const answer = await fetch(`${collector.url}/e`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${serverKey}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({
      v: 1,
      key: collector.site.writeKey,
      visitor,
      sent_at: Date.now(),
      events: events.map(({ type, at, ...facts }) => ({ ...wireEvent(type, facts), at })),
    }),
  })
  expect(await answer.json()).toMatchObject({ accepted: events.length, quarantined: 0 })
}

const PAGES = ['/', '/lamps', '/pricing']

beforeAll(async () => {
  collector = await testCollector()
  serverKey = ADMIN_KEY
  for (let n = 0; n < 30; n++) {
    const at = START + n * 2 * HOUR
    const campaign = n % 3 === 0 ? '?utm_source=news&utm_medium=email&utm_campaign=may&utm_content=blue' : ''
    const path = PAGES[n % 3] ?? '/'
    const events = [
      { type: 'page_view', at, url: `https://shop.example${path}${campaign}` },
      { type: 'page_view', at: at + HOUR, url: 'https://shop.example/about?utm_source=google&utm_campaign=june' },
    ]
    const email = `person${n}@example.com`
    if (n % 2 === 0)
      events.push(
        {
          type: 'file_download',
          at: at + 2 * HOUR,
          properties: { file_name: 'guide.pdf', file_extension: 'pdf' },
        } as never,
        { type: 'sign_up', at: at + DAY, properties: { method: 'newsletter', traits: { email } } } as never,
      )
    if (n % 4 === 0)
      events.push(
        { type: 'add_to_cart', at: at + DAY + HOUR, properties: { item_id: 'A1' } } as never,
        { type: 'add_to_wishlist', at: at + DAY + 2 * HOUR, properties: { item_id: 'A2' } } as never,
        { type: 'add_to_cart', at: at + DAY + 3 * HOUR, properties: { item_id: 'A3' } } as never,
        { type: 'request_quote', at: at + 2 * DAY, properties: { form_id: 'quote' } } as never,
      )
    await told(`v${n}`, ...events)
  }
  const { data } = await collector.ask<{ data: { id: string }[] }>('/v1/leads?stage=mql&limit=3')
  for (const { id } of data) await tell(collector, `/v1/leads/${id}/stage`, { to: 'customer' })
})
afterAll(() => collector.close())

interface Share {
  rate: number | null
  low: number
  high: number
  of: number
  few: boolean
}
interface Funnel {
  steps: { stage: string; people: number; rate: Share; share: Share; median_days: number | null }[]
  reached: Record<string, number>
  series: ({ from: string; to: string } & Record<string, number | string>)[]
  previous: Funnel
}
interface Content {
  all: Row
  data: Row[]
}
interface Row {
  value: string
  people: number
  subscribers: number
  leads: number
  mqls: number
  sqls: number
  customers: number
  mql_rate: Share
  lift: number | null
  median_days: number | null
}

const funnel = (query = '') => collector.ask<Funnel>(`/v1/reports/funnel${query}`)
const content = (query = '') => collector.ask<Content>(`/v1/reports/content${query}`)

/** How many leads a list has, from its first to its last page. */
async function listed(query: string): Promise<number> {
  let count = 0
  for (let after = ''; ;) {
    const page = await collector.ask<{ data: object[]; paging: { next?: { after: string } } }>(
      `/v1/leads?limit=7&${query}${after}`,
    )
    count += page.data.length
    if (!page.paging.next) return count
    after = `&after=${page.paging.next.after}`
  }
}

describe('GET /v1/reports/funnel', () => {
  test('says how far people have come, each stage a share of the one before', async () => {
    const { steps } = await funnel()
    expect(steps.map(({ stage, people }) => [stage, people])).toEqual([
      ['visitor', 30],
      ['subscriber', 15],
      ['lead', 15],
      ['mql', 8],
      ['sql', 3],
      ['opportunity', 3],
      ['customer', 3],
    ])
    expect(steps[3]).toMatchObject({
      rate: { rate: 8 / 15, of: 15, few: true },
      share: { rate: 8 / 30, of: 30, few: false },
    })
    expect(steps[3]!.share.low).toBeLessThan(8 / 30)
    expect(steps[3]!.median_days).toBeGreaterThanOrEqual(1)
  })

  test.each([
    '',
    'page=/pricing',
    'page=/pricing&touch=first',
    'page=/about&touch=first',
    'campaign=june',
    'campaign=june&touch=first',
    'campaign=may&from=2026-03-29&to=2026-03-30&tz=Europe/Oslo',
    'from=2026-03-29&to=2026-03-30&tz=Europe/Warsaw',
    'asset=guide.pdf&from=2026-03-29T00:30:00Z&to=2026-03-30T23:15:00Z',
    'product=A1',
    'form=quote',
    'ad=blue',
    'source=google',
  ])('and every number opens exactly so many leads: %s', async query => {
    const { steps } = await funnel(`?${query}`)
    const bound = query === '' ? 'from=1970-01-01' : query
    for (const { stage, people } of steps)
      expect([stage, await listed(stage === 'visitor' ? bound : `${bound}&reached=${stage}`)]).toEqual([stage, people])
  })

  test.each(['Europe/Oslo', 'Europe/Copenhagen', 'Europe/Amsterdam', 'Europe/Warsaw', 'Asia/Kolkata', 'UTC'])(
    'counts by day in %s add up to the total, and open as many leads',
    async tz => {
      const span = `from=2026-03-27&to=2026-04-03&tz=${tz}`
      const { series, reached } = await funnel(`?${span}&interval=day`)
      expect(series).toHaveLength(7)
      const sum = (stage: string) => series.reduce((total, day) => total + Number(day[stage]), 0)
      for (const [stage, count] of Object.entries(reached)) expect([stage, sum(stage)]).toEqual([stage, count])
      expect(reached['visitor']).toBe(30)
      for (const { from, to, mql, visitor } of series) {
        expect(await listed(`reached=mql&reached_from=${from}&reached_to=${to}`)).toBe(mql)
        expect(await listed(`from=${from}&to=${to}`)).toBe(visitor)
      }
      const hours = series.map(day => (Date.parse(day.to) - Date.parse(day.from)) / HOUR)
      expect(hours).toEqual([24, 24, tz.startsWith('Europe') ? 23 : 24, 24, 24, 24, 24])
    },
  )

  test('compares with the span before', async () => {
    const { previous, steps } = await funnel('?from=2026-03-29&to=2026-03-30&compare=previous')
    const before = await funnel('?from=2026-03-28&to=2026-03-29')
    expect(previous.steps).toEqual(before.steps)
    expect(steps[0]?.people).toBe(12)
  })

  test('counts one who was a bot no more, and two who are one as one', async () => {
    const { steps } = await funnel('?page=/lamps')
    const people = steps[0]!.people
    const ids = (await collector.ask<{ data: { id: string }[] }>('/v1/leads?page=/lamps&limit=2')).data.map(
      ({ id }) => id,
    )
    await tell(collector, `/v1/leads/${ids[0]}/merge`, { id: ids[1] })
    expect((await funnel('?page=/lamps')).steps[0]!.people).toBe(people - 1)
    const { data } = await collector.ask<{ data: { id: string }[] }>('/v1/leads?page=/lamps')
    const [stays, left] = data.some(({ id }) => id === ids[0]) ? ids : ids.toReversed()
    await tell(collector, `/v1/leads/${stays}/unmerge`, { id: left })
    expect((await funnel('?page=/lamps')).steps).toEqual(steps)
  })
})

describe('GET /v1/reports/content', () => {
  test.each(['page', 'asset', 'product', 'form', 'source', 'campaign', 'ad', 'referrer'])(
    'by %s: every number opens exactly so many leads',
    async by => {
      for (const rest of ['', '&touch=first', '&from=2026-03-29&to=2026-03-31&tz=Europe/Oslo']) {
        const { data } = await content(`?by=${by}${rest}`)
        for (const { value, people, leads, mqls, customers } of data) {
          const same = `${by}=${encodeURIComponent(value)}${rest}`
          expect(await listed(same)).toBe(people)
          expect(await listed(`${same}&reached=lead`)).toBe(leads)
          expect(await listed(`${same}&reached=mql`)).toBe(mqls)
          expect(await listed(`${same}&reached=customer`)).toBe(customers)
        }
      }
    },
  )

  test('says which page brings better leads than people at large', async () => {
    const { data, all } = await content()
    const row = (value: string) => data.find(found => found.value === value)
    expect(all).toMatchObject({ people: 30, mqls: 8, mql_rate: { rate: 8 / 30 } })
    expect(row('/about')).toMatchObject({ people: 30, mqls: 8, lift: 1 })
    const { mqls = 0, people = 1, lift } = row('/pricing') ?? {}
    expect(lift).toBeCloseTo(mqls / people / (8 / 30))
    const { data: campaigns } = await collector.ask<Content>('/v1/reports/campaigns')
    expect(campaigns.map(({ value, people: count }) => [value, count])).toEqual([
      ['june', 20],
      ['may', 10],
    ])
  })

  test('says what is wrong with a question', async () => {
    const wrong = async (path: string) => {
      const answer = await fetch(collector.url + path, { headers: { Authorization: `Bearer ${ADMIN_KEY}` } })
      const { errors } = (await answer.json()) as { errors: { pointer: string; detail: string }[] }
      return [answer.status, ...errors.map(({ pointer, detail }) => `${pointer} ${detail}`)]
    }
    expect(await wrong('/v1/reports/funnel?tz=Europe/Olso&from=2026-02-30')).toEqual([
      400,
      '/tz must be an IANA time zone, like Europe/Oslo',
      '/from must be a day, like 2026-11-22, or an instant in RFC 3339, like 2026-11-22T12:00:00Z',
    ])
    expect(await wrong('/v1/reports/funnel?from=2026-02-02&to=2026-02-02')).toEqual([
      400,
      '/to must be later than its from',
    ])
    expect(await wrong('/v1/reports/funnel?page=/&ad=x')).toEqual([400, '/ad must be left out when there is page'])
    expect((await wrong('/v1/reports/funnel?from=1970-01-01&interval=day'))[0]).toBe(400)
  })
})
