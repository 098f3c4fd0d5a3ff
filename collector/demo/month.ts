import type { WireEvent } from '../../shared/event.ts'
import { DAY, MINUTE, SECOND, type Instant } from '../../shared/instant.ts'
import type { Properties } from '../../shared/json.ts'
import { uuidv7 } from '../../shared/uuid.ts'
import { enrich } from '../ingest/enrich.ts'
import { recogniseMachine } from '../ingest/machine.ts'
import type { Arrival } from '../store/store.ts'
import { CURRENCY, LAMPS, type Lamp } from './catalog.ts'
import type { Chance } from './chance.ts'
import { POSTS } from './journal.ts'
import { invent, type Invented } from './people.ts'

const ORIGIN = 'https://skumring.example'

const AGENTS = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
  'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
]
const CRAWLER = 'Mozilla/5.0 (compatible; ExampleBot/2.1; +https://bot.example/bot.html)'

/** Share of events that never arrive: a tab is closed, a train goes into a tunnel. */
const LOST = 0.004

/** How people find the shop: the query of the page they land on, or the page that led them there. */
interface Way {
  query?: string
  referrer?: string
}
const DIRECT: Way = {}

/** What somebody has in mind decides where they come from and what they do. */
const KINDS = ['glance', 'reader', 'home', 'firm', 'student'] as const
type Kind = (typeof KINDS)[number]

const MANY: readonly (readonly [Kind, number])[] = [
  ['glance', 56],
  ['reader', 19],
  ['home', 14],
  ['firm', 8],
  ['student', 3],
]

const WAYS: Record<Kind, readonly (readonly [Way, number])[]> = {
  glance: [
    [{ referrer: 'https://www.google.com/' }, 34],
    [{ query: 'utm_source=instagram&utm_medium=social&utm_campaign=studio_visits' }, 24],
    [{ query: 'utm_source=google&utm_medium=cpc&utm_campaign=autumn_lamps&gclid=demo' }, 20],
    [{ referrer: 'https://www.pinterest.com/' }, 10],
    [DIRECT, 12],
  ],
  reader: [
    [{ referrer: 'https://www.google.com/' }, 45],
    [{ query: 'utm_source=letter&utm_medium=email&utm_campaign=blue_hour' }, 25],
    [{ referrer: 'https://chatgpt.com/' }, 10],
    [{ referrer: 'https://duckduckgo.com/' }, 8],
    [DIRECT, 12],
  ],
  home: [
    [{ query: 'utm_source=google&utm_medium=cpc&utm_campaign=autumn_lamps&gclid=demo' }, 38],
    [{ referrer: 'https://www.google.com/' }, 26],
    [{ query: 'utm_source=letter&utm_medium=email&utm_campaign=blue_hour' }, 20],
    [DIRECT, 16],
  ],
  firm: [
    [{ query: 'utm_source=linkedin&utm_medium=social&utm_campaign=architects' }, 40],
    [{ referrer: 'https://www.google.com/' }, 24],
    [{ referrer: 'https://lightingtrade.example/directory' }, 14],
    [{ query: 'utm_source=letter&utm_medium=email&utm_campaign=blue_hour' }, 12],
    [DIRECT, 10],
  ],
  student: [
    [{ referrer: 'https://www.google.com/' }, 60],
    [{ query: 'utm_source=linkedin&utm_medium=social&utm_campaign=architects' }, 40],
  ],
}

/** Everything that so many visitors of a site did in the days before `now`, one arrival a page, in order. */
export function month(
  chance: Chance,
  { site, now, days, visitors }: { site: number; now: Instant; days: number; visitors: number },
): Arrival[] {
  const arrivals: Arrival[] = []
  for (let number = 0; number < visitors; number++) {
    const visitor = `demo-${number}`
    const kind = chance.weighted(MANY)
    const begins = firstVisit(chance, now, days)
    const walk = new Walk(chance, site, visitor, begins, now)
    LIVES[kind](walk, chance, kind)
    arrivals.push(...walk.arrivals)
  }
  for (let number = 0; number < visitors / 25; number++) {
    const crawl = new Walk(chance, site, `crawler-${number}`, firstVisit(chance, now, days), now, CRAWLER)
    crawl.page('/', 'Skumring')
    arrivals.push(...crawl.arrivals)
  }
  return arrivals.toSorted((a, b) => a.receivedAt - b.receivedAt)
}

/** More of them lately, in the daytime and the evening, fewer at weekends. */
function firstVisit(chance: Chance, now: Instant, days: number): Instant {
  for (;;) {
    const at = now - chance.next() ** 1.2 * days * DAY
    const when = new Date(at)
    const hour = when.getUTCHours()
    const isNight = hour < 6 || hour > 22
    const isWeekend = when.getUTCDay() % 6 === 0
    if (chance.of((isNight ? 0.08 : 1) * (isWeekend ? 0.6 : 1))) return at
  }
}

/** One visitor's way through the site. */
class Walk {
  readonly arrivals: Arrival[] = []
  private at: Instant
  private view = 0
  private seq = 0
  private url = ''
  private readonly chance: Chance
  private readonly site: number
  private readonly visitor: string
  private readonly now: Instant
  private readonly agent: string

  constructor(chance: Chance, site: number, visitor: string, begins: Instant, now: Instant, agent?: string) {
    this.chance = chance
    this.site = site
    this.visitor = visitor
    this.at = begins
    this.now = now
    this.agent = agent ?? chance.one(AGENTS)
  }

  /** Looks at a page for a while. */
  page(path: string, title: string, { query, referrer }: Way = DIRECT): void {
    this.view++
    this.seq = 0
    const before = this.url
    this.url = `${ORIGIN}${path}${query === undefined ? '' : `?${query}`}`
    const from = referrer ?? (before || undefined)
    this.does('page_view', {}, { title, ...(from !== undefined && { referrer: from }) })
    const active = this.chance.whole(4, 140) * SECOND
    this.at += active
    this.does('user_engagement', { engaged_ms: active })
  }

  does(type: string, properties: Properties = {}, facts: Partial<WireEvent> = {}): void {
    this.at += this.chance.whole(1, 6) * SECOND
    const at = Math.floor(this.at)
    const seq = this.seq++
    if (at >= this.now || this.chance.of(LOST)) return
    const wire: WireEvent = {
      id: uuidv7(at, this.chance.bytes(10)),
      type,
      at,
      view: `${this.visitor}-${this.view}`,
      seq,
      url: this.url,
      properties,
      ...facts,
    }
    const { bot, device } = recogniseMachine(this.agent)
    const said = bot ? ({ provenance: 'weak', mark: 'bot' } as const) : ({ provenance: 'browser', mark: null } as const)
    const event = enrich(wire, { receivedAt: at, sentAt: at, device, ...said })
    this.arrivals.push({ site: this.site, visitor: this.visitor, receivedAt: at, events: [event], quarantined: [] })
  }

  /** Comes back some days later, at about the same time of day. */
  waits(least: number, most: number): void {
    this.at += this.chance.whole(least, most) * DAY + this.chance.whole(-180, 180) * MINUTE
    this.url = ''
  }

  form(kind: string, { name, email, company, role }: Invented, fields: Properties = {}): void {
    const traits = { email, name, ...(company && { company }), ...(role && { role }) }
    this.does('form_submit', { form_kind: kind, form_name: kind, traits, ...fields })
  }
}

const lampPage = (walk: Walk, lamp: Lamp, way?: Way): void => walk.page(`/products/${lamp.slug}`, lamp.name, way)

const sold = ({ slug, name, price }: Lamp): Properties => ({
  item_id: slug,
  item_name: name,
  price,
  currency: CURRENCY,
})

const BROCHURE = {
  link_url: `${ORIGIN}/brochure.pdf`,
  file_name: 'skumring-specification.pdf',
  file_extension: 'pdf',
}

/** What the kinds of visitors do. */
const LIVES: Record<Kind, (walk: Walk, chance: Chance, kind: Kind) => void> = {
  glance(walk, chance) {
    const way = chance.weighted(WAYS.glance)
    if (chance.of(0.5)) walk.page('/', 'Skumring', way)
    else lampPage(walk, chance.one(LAMPS), way)
    if (chance.of(0.4)) lampPage(walk, chance.one(LAMPS))
  },

  reader(walk, chance) {
    let way = chance.weighted(WAYS.reader)
    for (let visits = chance.whole(1, 4); visits > 0; visits--) {
      const post = chance.one(POSTS)
      walk.page(`/journal/${post.slug}`, post.title, way)
      if (chance.of(0.35)) lampPage(walk, chance.one(LAMPS))
      if (chance.of(0.16)) walk.does('file_download', BROCHURE)
      if (chance.of(0.2)) {
        walk.form('newsletter', invent(chance, chance.of(0.3) ? 'firm' : 'home'))
        return
      }
      walk.waits(2, 9)
      way = DIRECT
    }
  },

  home(walk, chance) {
    const person = invent(chance, 'home')
    const wanted = [chance.one(LAMPS), chance.one(LAMPS)]
    let way = chance.weighted(WAYS.home)
    for (let visits = chance.whole(1, 4); visits > 0; visits--) {
      walk.page('/', 'Skumring', way)
      for (const lamp of wanted) lampPage(walk, lamp)
      if (chance.of(0.3)) walk.does('add_to_wishlist', sold(wanted[0]!))
      if (chance.of(0.22)) walk.form('newsletter', person)
      if (chance.of(0.34)) {
        walk.does('add_to_cart', sold(wanted[0]!))
        walk.page('/cart', 'Cart')
        if (chance.of(0.25)) walk.does('remove_from_cart', sold(wanted[0]!))
        else if (chance.of(0.4)) {
          walk.does('begin_checkout', { value: wanted[0]!.price, currency: CURRENCY })
          walk.form('checkout', person)
          if (chance.of(0.6)) walk.does('purchase', { value: wanted[0]!.price, currency: CURRENCY })
        }
      }
      walk.waits(1, 8)
      way = DIRECT
    }
  },

  firm(walk, chance) {
    const person = invent(chance, 'firm')
    let way = chance.weighted(WAYS.firm)
    for (let visits = chance.whole(1, 5); visits > 0; visits--) {
      walk.page('/', 'Skumring', way)
      lampPage(walk, chance.one(LAMPS))
      if (chance.of(0.3)) {
        const post = chance.one(POSTS)
        walk.page(`/journal/${post.slug}`, post.title)
      }
      if (chance.of(0.42)) walk.does('file_download', BROCHURE)
      if (chance.of(0.2)) walk.form('newsletter', person)
      if (chance.of(0.16)) walk.does('add_to_cart', sold(chance.one(LAMPS)))
      if (chance.of(0.18)) {
        walk.page('/contact', 'Contact')
        walk.form('contact', person)
      }
      if (chance.of(0.17)) {
        walk.page('/quote', 'Projects')
        walk.form('quote', person, { rooms: chance.whole(1, 40) })
        return
      }
      walk.waits(1, 9)
      way = DIRECT
    }
  },

  student(walk, chance) {
    const person = invent(chance, 'student')
    walk.page('/careers', 'Careers', chance.weighted(WAYS.student))
    for (const post of POSTS) if (chance.of(0.6)) walk.page(`/journal/${post.slug}`, post.title)
    walk.does('file_download', BROCHURE)
    if (chance.of(0.6)) walk.form('newsletter', person)
    if (chance.of(0.5)) {
      for (const lamp of LAMPS.slice(0, 3)) walk.does('add_to_wishlist', sold(lamp))
      walk.form('contact', person)
    }
  },
}
