import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import { everything, HASTE, type Behaviours } from './behaviour.ts'

/** Time counts where the focus is. */
export const alone = true

export default {
  'engaged time and depth of a view, final when the page is left': async stage => {
    const { place, open } = stage
    place.page('/', `${place.tag()}<p style="height: 4000px">Long</p>`)
    place.page('/next', 'not tracked')
    const tab = await open()
    await place.until('page_view')
    await tab.click('p')
    await tab.press('End')
    await wait(700)
    const alive = await tab.evaluate(() => performance.now())
    await tab.go(`${place.origin}/next`)
    await place.until('user_engagement')
    const last = place.events('user_engagement').at(-1)!
    expect(last.properties['percent_scrolled']).toBe(100)
    expect(last.properties['engaged_ms']).toBeGreaterThan(700)
    expect(last.properties['engaged_ms']).toBeLessThan(alive + 1_000)
    expect(last.view).toBe(place.events('page_view')[0]!.view)
  },

  'focus in a frame of the page is focus': async stage => {
    const { place, open } = stage
    place.page('/', `${place.tag()}${HASTE}<iframe srcdoc="<input>" width="300" height="100"></iframe>`)
    const tab = await open()
    await place.until('page_view')
    await tab.click('iframe >>> input')
    await wait(500)
    await tab.go('about:blank')
    await place.until('user_engagement')
    // One period: going into the frame ended none.
    expect(place.events('user_engagement')).toHaveLength(1)
  },

  'a page that nobody sees is no view, and takes no time; when it is shown, it is one': async stage => {
    const { place, open } = stage
    place.page(
      '/',
      `<script>
        let hidden = true
        Object.defineProperty(Document.prototype, 'hidden', { get: () => hidden })
        Object.defineProperty(Document.prototype, 'visibilityState', { get: () => (hidden ? 'hidden' : 'visible') })
        window.turn = to => { hidden = to; document.dispatchEvent(new Event('visibilitychange', { bubbles: true })) }
      </script>${place.tag()}${HASTE}`,
    )
    const tab = await open()
    const turn = (hidden: boolean) =>
      tab.evaluate(to => (window as unknown as { turn: (to: boolean) => void }).turn(to), hidden)
    await everything(stage, tab)
    expect(place.events('page_view')).toEqual([])
    await turn(false)
    await place.until('page_view')
    await turn(true)
    await turn(false)
    await everything(stage, tab)
    expect(place.events('page_view')).toHaveLength(1)
  },
} satisfies Behaviours
