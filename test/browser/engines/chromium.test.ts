import { expect, test } from 'vitest'
import { chromium } from './chromium.ts'
import { deliver } from './delivery.ts'
import { newProfile, removeProfile } from './profile.ts'
import { behave, withEngine } from './suite.ts'

withEngine(chromium, surroundings => {
  behave(surroundings)
  deliver(surroundings, 1_000)

  // No other engine prerenders.
  test('a prerendered page is a view when it is shown, and not before', async () => {
    const place = await surroundings.world.place('prerender')
    const profile = await newProfile()
    place.page(
      '/',
      `<script type="speculationrules">{ "prerender": [{ "urls": ["/next"], "eagerness": "immediate" }] }</script>
       <script>
         const go = async () => (await fetch('/go')).ok ? (location = '/next') : setTimeout(go, 100)
         go()
       </script>`,
    )
    place.page(
      '/next',
      `<script>
         const early = document.prerendering
         if (early) setTimeout(() => fetch('/prerendered'), 700)
         leadlight = [['track', 'early', { early }]]
       </script>${place.tag()}`,
    )
    const browser = await chromium.visit(`${place.origin}/`, profile)
    try {
      await place.expect('the prerendered page', () => place.asked.includes('/prerendered'))
      expect(place.line.requests.map(({ method }) => method)).not.toContain('POST')
      place.page('/go', '')
      await place.until('page_view')
      await place.until('early')
      expect(place.events('page_view')).toMatchObject([{ url: `${place.origin}/next` }])
      expect(place.events('early')[0]!.properties).toEqual({ early: true })
    } finally {
      await browser.kill()
      await removeProfile(profile)
      await place.close()
    }
  })
})
