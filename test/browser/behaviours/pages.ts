import { expect } from 'vitest'
import type { Tab } from '../engines/engine.ts'
import { everything, HASTE, viewed, type Behaviours } from './behaviour.ts'

const go = (tab: Tab, way: 'pushState' | 'replaceState', url: string) =>
  tab.evaluate((method, to) => history[method](null, '', to), way, url)

export default {
  'a first load is one view, with its title, of a browser that the collector believes': async stage => {
    const { place, open } = stage
    place.page('/', `<title>Lamps</title>${place.tag()}`)
    await everything(stage, await open('/?q=ada@example.org'))
    const views = place.events('page_view')
    expect(views).toHaveLength(1)
    expect(views[0]).toMatchObject({
      url: `${place.origin}/`,
      title: 'Lamps',
      seq: 0,
      provenance: 'browser',
      mark: null,
    })
  },

  'a tag that is there twice counts once': async stage => {
    const { place, open } = stage
    place.page('/', place.tag() + place.tag() + HASTE)
    await everything(stage, await open())
    expect(viewed(place)).toEqual(['/'])
  },

  'pushState is a view when the path changes, replaceState too, a query alone is none': async stage => {
    const { place, open } = stage
    place.page('/', place.tag() + HASTE)
    const tab = await open()
    await place.until('page_view')
    await go(tab, 'pushState', '/a')
    await place.until('page_view', 2)
    await go(tab, 'pushState', '/a?sort=price')
    await everything(stage, tab)
    await go(tab, 'replaceState', '/b')
    await place.until('page_view', 3)
    await tab.back()
    await place.until('page_view', 4)
    await everything(stage, tab)
    expect(viewed(place)).toEqual(['/', '/a', '/b', '/a'])
    const views = place.events('page_view')
    expect(new Set(views.map(({ view }) => view)).size).toBe(4)
    expect(views.map(({ seq }) => seq)).toEqual([0, 0, 0, 0])
    expect(views.slice(1).map(({ referrer }) => referrer)).toEqual(['/', '/a', '/b'].map(path => place.origin + path))
  },

  'where the route is in the fragment, and the site says so, a change of it is a view': async stage => {
    const { place, open } = stage
    place.page('/', place.tag('data-hash="on"') + HASTE)
    const tab = await open('/#/lamps?q=swordfish')
    await place.until('page_view')
    await tab.evaluate(() => void (location.hash = '#/contact'))
    await place.until('page_view', 2)
    await tab.evaluate(() => void (location.hash = '#access_token=swordfish'))
    await tab.back()
    await everything(stage, tab)
    expect(viewed(place).filter(path => path !== '/')).toEqual(expect.arrayContaining(['/#/lamps', '/#/contact']))
    expect(JSON.stringify(place.events())).not.toContain('swordfish')
  },
} satisfies Behaviours
