import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Place } from '../engines/place.ts'
import { everything, LATER, told, type Behaviours } from './behaviour.ts'

const policy = (place: Place, ...more: string[]) => ({
  'content-security-policy': [
    "default-src 'none'",
    `script-src ${place.line.origin}`,
    "require-trusted-types-for 'script'",
    ...more,
  ].join('; '),
})

export default {
  'a strict content security policy that allows the collector': async stage => {
    const { place, open } = stage
    place.page('/', place.tag(), policy(place, `connect-src ${place.line.origin}`))
    await everything(stage, await open())
    expect(told(place, 'user_engagement')).toEqual(['page_view'])
    expect(place.events('page_view')[0]).toMatchObject({ provenance: 'browser', mark: null })
  },

  'one that forgets connect-src: the page is none the worse, and what happened arrives once it is mended':
    async stage => {
      const { place, open } = stage
      place.page('/', place.tag() + `<script src="/watch.js"></script>`, {
        'content-security-policy': `default-src 'self'; script-src 'self' ${place.line.origin}`,
      })
      place.page(
        '/watch.js',
        `window.errors = []
       for (const kind of ['error', 'unhandledrejection']) addEventListener(kind, event => errors.push(event.message ?? event.reason))`,
        { 'content-type': 'text/javascript' },
      )
      place.page('/mended', LATER + place.tag())
      const tab = await open()
      await tab.evaluate(() => {
        window.leadlight.push(['track', 'blocked'])
        window.leadlight.push(['flush'])
      })
      await wait(300)
      expect(await tab.evaluate(() => (window as unknown as { errors: unknown[] }).errors)).toEqual([])
      expect(place.line.requests.map(({ method }) => method)).not.toContain('POST')
      await tab.go(`${place.origin}/mended`)
      await place.until('blocked')
      await place.until('page_view', 2)
      expect(told(place, 'user_engagement').toSorted()).toEqual(['blocked', 'page_view', 'page_view'])
    },
} satisfies Behaviours
