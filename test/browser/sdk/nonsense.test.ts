import fc from 'fast-check'
import { expect } from 'vitest'
import { everything, test } from './test.ts'

/** Everything that a page may give by mistake; made in the page, as most of it cannot travel there. */
const NONSENSE = `
  const cyclic = {}; cyclic.self = cyclic
  const deep = {}; let end = deep; for (let n = 0; n < 20000; n++) end = end.x = {}
  const revoked = Proxy.revocable({}, {}); revoked.revoke()
  const trap = new Proxy(() => {}, new Proxy({}, { get: () => () => { throw new Error('trap') } }))
  const rejects = { then: (ok, fail) => fail(new Error('thenable')) }
  NONSENSE = [
    undefined, null, true, false, 0, -0, NaN, Infinity, 1e308, 42, '', 'granted', 'denied', 'event', 'sent', '__proto__', '\\ud800',
    'x'.repeat(1e6), 10n ** 30n, Symbol('s'), Symbol.iterator, () => { throw new Error('function') }, class A {}, [], [[]], [1, [2]], {},
    { length: -1 }, { length: 1e9 }, new Array(100000), cyclic, deep, trap, revoked.proxy, rejects, Object.create(null),
    { get email() { throw new Error('getter') } }, { traits: { email: Symbol() } }, { email: {} }, { email: 7 },
    { toJSON() { throw new Error('toJSON') } }, { toString() { throw new Error('toString') } }, { valueOf: () => Symbol() },
    Object.freeze({ a: 1 }), new Map([[1, 2]]), new Date(NaN), /x/g, new Error('x'), window, document, new Uint8Array(9),
    { __proto__: null, constructor: 1 }, JSON.parse('{"__proto__":{"polluted":1}}'), [Symbol()], ['track'], ['track', Symbol(), cyclic],
    ['nonsense'], ['push', ['push', ['track', 'nested']]], ['consent'], ['__proto__'], ['on', 'event', 7],
  ]`

const VERBS = ['track', 'page', 'identify', 'group', 'reset', 'consent', 'flush', 'stop', 'on', 'push']

/** A verb and what it is given: places in the list of nonsense. */
const call = fc.tuple(fc.constantFrom(...VERBS), fc.array(fc.nat(60), { maxLength: 4 }))

test('every verb bears everything: before the script is there, after it has stopped, twice, and again', async ({
  page,
  site,
}) => {
  site.page('/', `<script>${NONSENSE}; leadlight = [...NONSENSE, ['track', 'early']]</script>${site.tag()}`)
  site.page('/verbs', `<script>${NONSENSE}</script>${site.tag()}`)
  await page.goto(site.origin)
  await site.until('early')

  // Every verb with every single thing, and twice: with nothing lost of what makes sense.
  for (const verb of VERBS.filter(name => name !== 'stop')) {
    await page.goto(site.origin + '/verbs')
    await page.waitForFunction(() => 'track' in window.leadlight)
    const before = site.events('sensible').length
    await page.evaluate(
      `for (const thing of NONSENSE) for (let twice = 0; twice < 2; twice++) leadlight.${verb}(thing, thing, thing)
       leadlight.consent('granted'); leadlight.track('sensible', { n: 1 }); leadlight.flush()`,
    )
    await site.until('sensible', before + 1)
  }

  const sequences = fc.sample(fc.array(call, { maxLength: 12 }), { numRuns: 300, seed: 20_260_101 })
  await page.goto(site.origin + '/verbs')
  await page.waitForFunction(() => 'track' in window.leadlight)
  const thrown = await page.evaluate(
    `(sequences => {
      const { start, ...verbs } = { ...leadlight }
      const thrown = []
      for (const sequence of sequences) for (const [verb, given] of sequence) {
        try {
          const undo = verbs[verb](...given.map(place => NONSENSE[place]))
          if (verb === 'on') undo(), undo()
        } catch (error) { thrown.push(verb + ': ' + error) }
      }
      return [...thrown, ...('polluted' in {} ? ['polluted'] : [])]
    })(${JSON.stringify(sequences)})`,
  )
  expect(thrown).toEqual([])

  // What was stopped among all that may start again.
  await page.evaluate(`leadlight.stop?.()`)
  expect(await page.evaluate(() => Array.isArray(window.leadlight))).toBe(true)
  await page.addScriptTag({ url: `${site.collector}/leadlight.js?site=wk_test` })
  await page.evaluate(() => window.leadlight.push(['consent', 'granted']))
  await everything(page, site)
})

test('an element of the page that is called leadlight is no tracker, and none is kept from starting', async ({
  page,
  site,
}) => {
  site.page('/', `<div id="leadlight"></div>${site.tag()}`)
  await page.goto(site.origin)
  await site.until('page_view')
})
