import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Tab } from '../engines/engine.ts'
import { everything, HASTE, viewed, type Behaviours } from './behaviour.ts'

const track = (tab: Tab, name: string, count: number) =>
  tab.evaluate(
    (type, times) => {
      for (let n = 0; n < times; n++) window.leadlight.push(['track', type, { n }])
    },
    name,
    count,
  )

export default {
  'two tabs at once: one visitor, everything once': async stage => {
    const { place, open } = stage
    place.page('/', place.tag() + HASTE)
    const one = await open('/')
    const other = await open('/?other')
    for (let round = 0; round < 3; round++) {
      await Promise.all([track(one, 'first', 20), track(other, 'second', 20)])
    }
    await everything(stage, one)
    await everything(stage, other)
    expect(place.events('first')).toHaveLength(60)
    expect(place.events('second')).toHaveLength(60)
    expect(new Set(place.events().map(({ visitor }) => visitor)).size).toBe(1)
    expect(new Set(place.events().map(({ view }) => view)).size).toBe(2)
    // Each running number once: nothing was told twice under two ids.
    const numbers = place.events().map(({ view, seq }) => `${view} ${seq}`)
    expect(new Set(numbers).size).toBe(numbers.length)
  },

  'offline, then online: everything arrives, once, in order': async stage => {
    const { place, open } = stage
    place.page('/', place.tag() + HASTE)
    const tab = await open()
    await place.until('page_view')
    place.line.fault = 'unreachable'
    await track(tab, 'offline', 15)
    await tab.evaluate(() => history.pushState(null, '', '/next'))
    await wait(700)
    expect(place.events('offline')).toEqual([])
    place.line.fault = null
    // As browsers say it; the line itself was not theirs to lose.
    await tab.evaluate(() => window.dispatchEvent(new Event('online')))
    await place.until('offline', 15)
    await place.until('page_view', 2)
    await everything(stage, tab)
    expect(place.events('offline').map(({ properties }) => properties['n'])).toEqual([...Array(15).keys()])
    expect(viewed(place)).toEqual(['/', '/next'])
  },
} satisfies Behaviours
