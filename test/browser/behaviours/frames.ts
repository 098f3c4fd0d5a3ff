import { expect } from 'vitest'
import { everything, HASTE, told, viewed, type Behaviours } from './behaviour.ts'

export default {
  'a page in a frame is tracked for itself, and its visitor is the same': async stage => {
    const { place, open } = stage
    place.page('/', `${place.tag()}${HASTE}<iframe width="400" height="200"></iframe>`)
    place.page(
      '/framed',
      `${place.tag()}${HASTE}<button data-ll-event="add_to_wishlist" data-ll-item_id="A1">Wish</button>`,
    )
    const tab = await open()
    await everything(stage, tab)
    await tab.evaluate(() => document.querySelector('iframe')!.setAttribute('src', '/framed'))
    await place.until('page_view', 2)
    await tab.click('iframe >>> button')
    await place.until('add_to_wishlist')
    await everything(stage, tab)
    expect(viewed(place)).toEqual(['/', '/framed'])
    const [wish] = place.events('add_to_wishlist')
    expect(wish).toMatchObject({ url: `${place.origin}/framed`, properties: { item_id: 'A1' } })
    expect(new Set(place.events().map(({ visitor }) => visitor)).size).toBe(1)
  },

  'a frame that is there from the first moment of a first visit: one visitor': async stage => {
    const { place, open } = stage
    place.page('/', `${place.tag()}${HASTE}<iframe src="/framed"></iframe><iframe src="/framed"></iframe>`)
    place.page('/framed', place.tag() + HASTE)
    const tab = await open()
    await place.until('page_view', 3)
    await everything(stage, tab)
    expect(new Set(place.events().map(({ visitor }) => visitor)).size).toBe(1)
    expect(new Set(place.events().map(({ view }) => view)).size).toBe(3)
  },

  'where storage is blocked, as in a sandboxed frame, all is sent, and nothing is thrown': async stage => {
    const { place, open } = stage
    place.page(
      '/',
      `<iframe sandbox="allow-scripts" src="/framed"></iframe>
       <script>addEventListener('message', event => (window.blocked = event.data))</script>`,
    )
    place.page(
      '/framed',
      `<script>
        window.leadlight = []
        const errors = []
        for (const kind of ['error', 'unhandledrejection']) addEventListener(kind, event => errors.push(String(event.message ?? event.reason)))
        const blocked = touch => { try { touch(); return false } catch { return true } }
        setTimeout(() => {
          leadlight.push(['track', 'last'])
          const storage = [blocked(() => localStorage.length), blocked(() => document.cookie)]
          parent.postMessage({ errors, storage }, '*')
        }, 300)
      </script>${place.tag()}${HASTE}`,
    )
    const tab = await open()
    await place.until('last')
    expect(told(place)).toEqual(['page_view', 'last'])
    // Nobody vouches for a page without an origin.
    expect(place.events('page_view')[0]).toMatchObject({ url: `${place.origin}/framed`, provenance: 'weak' })
    expect(await tab.evaluate(() => (window as unknown as { blocked: unknown }).blocked)).toEqual({
      errors: [],
      storage: [true, true],
    })
  },

  'where only storage is blocked, a page is tracked as long as it lives': async stage => {
    const { place, open } = stage
    place.page(
      '/',
      `<script>
        for (const [owner, name] of [[window, 'localStorage'], [window, 'sessionStorage'], [Document.prototype, 'cookie']]) {
          const refuse = () => { throw new DOMException('denied', 'SecurityError') }
          Object.defineProperty(owner, name, { get: refuse, set: refuse })
        }
      </script>${place.tag()}${HASTE}`,
    )
    const tab = await open()
    await place.until('page_view')
    await tab.evaluate(() => history.pushState(null, '', '/next'))
    await place.until('page_view', 2)
    await everything(stage, tab)
    expect(new Set(place.events().map(({ visitor }) => visitor)).size).toBe(1)
    expect(viewed(place)).toEqual(['/', '/next'])
  },
} satisfies Behaviours
