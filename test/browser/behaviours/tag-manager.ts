import { expect } from 'vitest'
import { everything, HASTE, viewed, type Behaviours } from './behaviour.ts'

export default {
  'a tag manager strips attributes and injects late: the key is in the address, the campaign is not lost':
    async stage => {
      const { place, open } = stage
      place.page(
        '/landing',
        `<script>
        history.replaceState(null, '', '/home')
        window.leadlight = [['track', 'early']]
        // As Google Tag Manager does with the markup of a custom tag: scripts are made anew, with what it knows of them.
        addEventListener('load', () => setTimeout(() => {
          const template = document.createElement('template')
          template.innerHTML = '<script async data-site="lost" src="${place.line.origin}/leadlight.js?site=${place.site.writeKey}"><\\/script>'
          const script = document.createElement('script')
          script.async = true
          script.src = template.content.firstChild.src
          document.body.insertBefore(script, document.body.firstChild)
        }, 100))
      </script><p>Lamps</p>${HASTE}`,
      )
      const tab = await open('/landing?utm_source=paper&utm_campaign=autumn&gclid=abc')
      await place.until('page_view')
      await everything(stage, tab)
      expect(viewed(place)).toEqual(['/home?utm_source=paper&utm_campaign=autumn&gclid=abc'])
      expect(place.events('early')).toHaveLength(1)
      expect(place.events('page_view')[0]).toMatchObject({ touch: { source: 'paper', campaign: 'autumn' }, mark: null })
    },
} satisfies Behaviours
