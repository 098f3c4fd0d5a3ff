import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { engine } from '../../collector/scoring/engine.ts'
import { openStore } from '../../collector/store/open.ts'
import { connect } from '../../collector/store/sqlite/open.ts'
import { DAY, MINUTE } from '../../shared/instant.ts'
import { crowd, email, event, expectExact, MODEL, newId, NOON, type Crowd } from './crowd.ts'

// What scoring remembers of somebody busy is written now and then. Whoever forgets it, by a restart or because another
// process has written, catches up with it from the log.

const folder = mkdtempSync(join(tmpdir(), 'leadlight-behind-'))
const file = join(folder, 'test.db')
const store = openStore(`file:${file}`, { newId })
const other = connect(file)
afterAll(async () => {
  other.close()
  await (await store).close()
  rmSync(folder, { recursive: true, force: true })
})

/** Another process writes: nothing that is remembered is trusted any more. */
const forget = (): void => void other.pragma('user_version = 0')

/** Somebody busy: all of it in order, an event at a time. */
async function busy(events: number): Promise<Crowd> {
  const c = await crowd(MODEL, store)
  for (let n = events; n > 0; n--) await c.arrive('ada', event('page_view', NOON - n * MINUTE))
  return c
}

const isBehind = async (c: Crowd): Promise<boolean[]> => (await c.everybody()).map(person => person.isBehind)

test('is written at first, then every so often, and at once when a stage is reached', async () => {
  const c = await busy(1)
  expect(await isBehind(c)).toEqual([false])
  const seen: boolean[] = []
  for (let n = 0; n < 32; n++) {
    await c.arrive('ada', event('page_view', NOON + n * MINUTE))
    seen.push(...(await isBehind(c)))
  }
  expect(seen.filter(behind => !behind)).toHaveLength(2)
  await c.arrive('ada', event('page_view', NOON + DAY))
  expect(await isBehind(c)).toEqual([true])
  await c.arrive('ada', email('ada@example.com', NOON + DAY + 1))
  expect((await c.person('ada')).stage).toBe('lead')
  expect(await isBehind(c)).toEqual([false])
})

test('is caught up with by whoever has forgotten it, at the next event or when time has passed', async () => {
  const c = await busy(5)
  forget()
  await c.arrive('ada', event('add_to_cart', NOON))
  expect(await isBehind(c)).toEqual([false])
  await expectExact(c)
  await c.arrive('ada', event('page_view', NOON + 1))
  forget()
  c.wait(DAY)
  await c.store.refresh(100, c.now(), engine)
  expect(await isBehind(c)).toEqual([false])
  await expectExact(c)
})

test('is begun anew, in slices, where more has come than is worth catching up with', async () => {
  const c = await busy(1)
  await c.arrive('ada', ...Array.from({ length: 1_500 }, (_, n) => event('page_view', NOON + n)))
  await c.arrive('ada', event('page_view', NOON + MINUTE))
  expect(await isBehind(c)).toEqual([true])
  forget()
  await c.arrive('ada', event('add_to_cart', NOON + 2 * MINUTE))
  expect(await isBehind(c)).toEqual([true])
  while (await c.store.refold(c.now(), engine));
  expect(await isBehind(c)).toEqual([false])
  await expectExact(c)
})

test('whatever comes, late or in order, and whenever it is forgotten: all is as the whole history says', async () => {
  const step = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant('arrive' as const),
        type: fc.constantFrom('page_view', 'add_to_cart', 'sign_up', 'view_item'),
        late: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 20 * MINUTE })),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('claim' as const), who: fc.nat(1) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('forget' as const) }) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async steps => {
      const c = await busy(3)
      for (const told of steps) {
        c.wait(MINUTE)
        if (told.do === 'forget') forget()
        else if (told.do === 'claim') await c.arrive('ada', email(`${told.who}@example.com`, c.now()))
        else await c.arrive('ada', event(told.type, c.now() - told.late))
      }
      await expectExact(c)
    }),
    { numRuns: 100 },
  )
})
