import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Tab } from '../engines/engine.ts'
import { everything, HASTE, told, type Behaviours, type Stage } from './behaviour.ts'

const stored = (tab: Tab) => tab.evaluate(() => document.cookie + JSON.stringify(localStorage))

/** Nothing is sent or kept; and once it may be, all of it is. */
async function waits({ place, open, engine }: Stage): Promise<void> {
  const tab = await open()
  await tab.evaluate(async () => {
    while (!('track' in window.leadlight)) await new Promise(resolve => setTimeout(resolve, 20))
    window.leadlight.push(['track', 'early'])
    window.leadlight.push(['flush'])
  })
  await wait(500)
  expect(place.line.requests.map(({ method }) => method)).not.toContain('POST')
  expect(await stored(tab)).toBe('{}')
  await tab.evaluate(() => window.leadlight.push(['consent', 'granted']))
  await place.until('early')
  await everything({ place, engine }, tab)
  expect(told(place, 'user_engagement')).toEqual(['page_view', 'early'])
  expect(await stored(tab)).toContain('leadlight=')
}

export default {
  'consent that is required is waited for': async stage => {
    const { place } = stage
    place.page('/', place.tag('data-consent="required"') + HASTE)
    await waits(stage)
  },

  'Global Privacy Control asks for it, too': async stage => {
    const { place } = stage
    place.page(
      '/',
      `<script>Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })</script>${place.tag()}${HASTE}`,
    )
    await waits(stage)
  },

  'a refusal forgets the visitor': async stage => {
    const { place, open } = stage
    place.page('/', place.tag() + HASTE)
    const tab = await open()
    await place.until('page_view')
    const [{ visitor } = { visitor: '' }] = place.events()
    await tab.evaluate(() => {
      window.leadlight.push(['consent', 'denied'])
      window.leadlight.push(['track', 'late'])
      window.leadlight.push(['flush'])
    })
    await place.expect('the refusal', () => place.line.requests.some(({ body }) => body.includes('"denied"')))
    await wait(200)
    expect(place.events('late')).toEqual([])
    expect(await stored(tab)).not.toContain(visitor)
  },
} satisfies Behaviours
