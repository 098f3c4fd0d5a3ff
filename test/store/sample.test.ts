import { expect, test } from 'vitest'
import { crowd, event } from './crowd.ts'

const SHARES = [0.02, 0.1, 0.35, 0.9]

test('a sample of any share is even over all who came, of that site alone, and the same each time', async () => {
  const [c, other] = [await crowd(), await crowd()]
  const ids: string[] = []
  for (let n = 0; n < 400; n++) {
    await c.arrive(`v${n}`, event('page_view'))
    await other.arrive(`v${n}`, event('page_view'))
    ids.push((await c.person(`v${n}`)).id)
  }
  for (const share of SHARES) {
    const sample = (await c.store.sample(c.site, share)).map(({ id }) => id)
    expect(await c.store.sample(c.site, share)).toHaveLength(sample.length)
    expect(new Set(sample).size).toBe(sample.length)
    expect(ids).toEqual(expect.arrayContaining(sample))
    expect(sample).toEqual(sample.toSorted((a, b) => ids.indexOf(a) - ids.indexOf(b)))
    // Every second row is the other site's: how many are drawn is chance, and where they stand.
    const expected = share * ids.length
    const tolerance = 3 * Math.sqrt(expected) + 1
    for (const half of [ids.slice(0, 200), ids.slice(200)]) {
      const drawn = half.filter(id => sample.includes(id)).length
      expect(Math.abs(drawn - expected / 2)).toBeLessThan(tolerance)
    }
  }
})

test('of a site with nobody there is no sample', async () => {
  const c = await crowd()
  expect(await c.store.sample(c.site, 0.5)).toEqual([])
})
