import type { Browser, EngineName, Tab } from '../engines/engine.ts'
import type { Place } from '../engines/place.ts'

/** What a behaviour is shown on. */
export interface Stage {
  engine: EngineName
  place: Place
  browser: Browser
  /** Opens a page of the place in a window of its own, which is closed in the end. */
  open(path?: string): Promise<Tab>
}

/**
 * What must hold in every engine, by name; judged by what arrived at a real collector. A file here that exports some as its
 * default is all that a new behaviour needs.
 */
export type Behaviours = Record<string, (stage: Stage) => Promise<void>>

/** Has the page say everything up to now, and waits until that has arrived. */
export async function everything({ place }: Pick<Stage, 'place'>, tab: Tab): Promise<void> {
  const mark = crypto.randomUUID()
  await tab.evaluate(async name => {
    // Routers and the script itself look again in later tasks.
    await new Promise(resolve => setTimeout(resolve, 60))
    window.leadlight.push(['track', name])
    window.leadlight.push(['flush'])
  }, mark)
  await place.until(mark)
}
