import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Tab } from '../engines/engine.ts'
import { BANNERS } from '../platforms/banners.ts'
import { HASTE, type Behaviours } from './behaviour.ts'

/** A visitor's answer to all of them. */
const answer = (tab: Tab, allowed: boolean) =>
  tab.evaluate(yes => {
    for (const frame of document.querySelectorAll('iframe')) {
      const page = frame.contentWindow as Window & { answer(allowed: boolean): void }
      page.answer(yes)
      page.leadlight.push(['track', yes ? 'after_yes' : 'after_no'])
      page.leadlight.push(['flush'])
    }
  }, allowed)

/** What pages and banners say is no matter of the engine. */
export const only = 'chromium'

export default {
  'consent banners: nothing before an answer, everything after a yes, nothing after a no': async stage => {
    const { place, open } = stage
    const names = Object.keys(BANNERS)
    const adapter = (attributes = '') =>
      `<script async src="${place.line.origin}/leadlight-consent.js" ${attributes}></script>`
    const tag = place.tag('data-consent="required" data-storage="none"')
    const early = (name: string) => `<script>window.leadlight = [['track', 'early', { banner: '${name}' }]]</script>`
    const banner = (name: string) => `<script>{${BANNERS[name]}}</script>`
    for (const [index, name] of names.entries()) {
      // Before the script or after it, before the banner or after it.
      const parts = [early(name), adapter(), banner(name), tag, HASTE]
      place.page(`/${index}`, index % 2 ? parts.join('') : [early(name), tag, banner(name), adapter(), HASTE].join(''))
    }
    // A yes to being counted is none to being known.
    place.page('/other', early('other') + tag + banner('Cookiebot') + adapter('data-purpose="marketing"') + HASTE)
    place.page('/', [...names.keys(), 'other'].map(path => `<iframe src="/${path}"></iframe>`).join(''))
    const tab = await open()
    await tab.evaluate(async () => {
      for (const frame of document.querySelectorAll('iframe')) {
        while (!('track' in (frame.contentWindow?.leadlight ?? {})))
          await new Promise(resolve => setTimeout(resolve, 20))
      }
    })
    await wait(400)
    expect(place.line.requests.map(({ method }) => method)).not.toContain('POST')
    await answer(tab, true)
    await place.until('after_yes', names.length)
    await answer(tab, false)
    await wait(300)
    expect(place.events('early').map(({ properties }) => properties['banner'])).toEqual(expect.arrayContaining(names))
    expect(place.count('early')).toBe(names.length)
    expect(place.count('after_yes')).toBe(names.length)
    expect(place.events('after_no')).toEqual([])
  },
} satisfies Behaviours
