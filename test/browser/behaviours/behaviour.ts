import { setTimeout as wait } from 'node:timers/promises'
import type { Browser, Engine, Tab } from '../engines/engine.ts'
import type { Place } from '../engines/place.ts'

/** What a behaviour is shown on. */
export interface Stage {
  engine: Engine
  browser: Browser
  place: Place
  /** Opens a page of the place in a window of its own, which is closed in the end. */
  open(path?: string): Promise<Tab>
}

/**
 * What must hold in every engine, by name; judged by what arrived at a real collector. A file here that exports some as its
 * default is all that a new behaviour needs. Several are shown at once, in windows of one browser; those of a file that
 * exports `alone = true`, because they need the focus, or room in a cache that all tabs share, are shown one by one; of one
 * that exports `only = 'chromium'`, in no other engine.
 */
export type Behaviours = Record<string, (stage: Stage) => Promise<void>>

/** What a test page has beside the tag so that events need not wait for company: delivery has tests of its own. */
export const HASTE = `<script>setInterval(() => window.leadlight?.flush?.(), 40)</script>`

/** A minute later by the page's clock: what other pages have left behind is by then nobody's. */
export const LATER = `<script>{ const now = Date.now; Date.now = () => now() + 60_000 }</script>`

/** Milliseconds in which every engine notices a change of address: some only look now and then. */
const NOTICED = 650

/** Has the page say everything up to now, and waits until that has arrived. */
export async function everything({ place, engine }: Pick<Stage, 'place' | 'engine'>, tab: Tab): Promise<void> {
  const mark = `mark_${crypto.randomUUID()}`
  await wait(engine.name === 'webkit' ? NOTICED : 150)
  await tab.evaluate(name => {
    window.leadlight.push(['track', name])
    window.leadlight.push(['flush'])
  }, mark)
  await place.until(mark)
}

/** Paths of the views that arrived, in order. */
export const viewed = (place: Place): string[] =>
  place.events('page_view').map(({ url = '' }) => url.replace(place.origin, ''))

/** Types of what arrived, in order, without marks. */
export const told = (place: Place, ...except: string[]): string[] =>
  place
    .events()
    .map(({ type }) => type)
    .filter(type => !type.startsWith('mark_') && !except.includes(type))
