import { expect } from 'vitest'
import { everything, HASTE, viewed, type Behaviours } from './behaviour.ts'

export const alone = true

export default {
  'a page restored from the back/forward cache is a view of its own': async stage => {
    const { place, open } = stage
    place.page('/', place.tag() + HASTE)
    place.page('/next', place.tag() + HASTE)
    const tab = await open()
    await place.until('page_view')
    await tab.evaluate(() => addEventListener('pageshow', ({ persisted }) => Object.assign(window, { persisted })))
    await tab.go(`${place.origin}/next`)
    await place.until('page_view', 2)
    await tab.back()
    await place.until('page_view', 3)
    await everything(stage, tab)
    // Were the page kept out of the cache, by us for one, it would have been loaded again.
    expect(await tab.evaluate(() => (window as { persisted?: boolean }).persisted)).toBe(true)
    expect(place.asked).toEqual(['/', '/next'])
    expect(viewed(place)).toEqual(['/', '/next', '/'])
    expect(new Set(place.events('page_view').map(({ view }) => view)).size).toBe(3)
    expect(new Set(place.events().map(({ visitor }) => visitor)).size).toBe(1)
  },
} satisfies Behaviours
