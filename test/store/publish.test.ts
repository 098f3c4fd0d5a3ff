import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { modelDiff } from '../../collector/reports/model-diff.ts'
import { engine } from '../../collector/scoring/engine.ts'
import type { Arrival } from '../../collector/store/store.ts'
import { DAY, HOUR } from '../../shared/instant.ts'
import type { Model } from '../../shared/model.ts'
import { crowd, email, event, MODEL, NOON } from './crowd.ts'

const PERSONS = Number(process.env['LEADLIGHT_TEST_PERSONS'] ?? 100_000)
const AT_ONCE = 2_000

/** Carts are worth less, and whoever comes is a lead. */
const OTHER: Model = {
  ...MODEL,
  rules: MODEL.rules.map(rule => (rule.id === 'cart' ? { ...rule, points: 5 } : rule)),
  labels: [{ id: 'warm', score: 'total', gte: 12 }],
  stages: { ...MODEL.stages, lead: { event: 'page_view' } },
}

/** Of ten people, three only looked, four put something into the cart, three are MQLs. */
function arrival(site: number, n: number): Arrival {
  const at = NOON - (n % 20) * DAY
  const kind = n % 10
  const carts = kind < 3 ? 0 : kind < 7 ? 1 : 3
  const events = [event('page_view', at), ...Array.from({ length: carts }, (_, i) => event('add_to_cart', at + i))]
  if (kind === 9) events.push(email(`p${n}@example.com`, at + HOUR))
  return { site, visitor: `v${n}`, receivedAt: NOON, events, quarantined: [] }
}

test('publishing over 100,000 persons shows the difference first, tells nobody, keeps what was reached, and can be rolled back', async () => {
  const { store, site, now } = await crowd()
  for (let n = 0; n < PERSONS; n += AT_ONCE) {
    const arrivals = Array.from({ length: AT_ONCE }, (_, i) => arrival(site, n + i))
    await store.record(arrivals, now(), engine)
  }
  /** What all scores are, to the byte, and who stands where. */
  const everybody = async () => {
    const digest = createHash('sha256')
    const stages = new Map<string, string>()
    let people = await store.persons(site, AT_ONCE)
    while (people.length > 0) {
      for (const { id, stage, score, engagement, fit, grade, topReasons, traits, coolsAt } of people) {
        digest.update(JSON.stringify([id, score, engagement, fit, grade, topReasons, traits, coolsAt]))
        stages.set(id, stage)
      }
      people = await store.persons(site, AT_ONCE, people.at(-1)!.id)
    }
    return { scores: digest.digest('hex'), stages }
  }
  const rescore = async () => {
    while ((await store.rescore(site, AT_ONCE, now(), engine)) > 0);
  }
  const tally = (stages: Map<string, string>) =>
    Object.fromEntries(
      Array.from(
        Map.groupBy(stages.values(), stage => stage),
        ([stage, all]) => [stage, all.length],
      ),
    )

  const before = await everybody()
  const share = (part: number) => PERSONS * part
  expect(tally(before.stages)).toEqual({ visitor: share(0.7), mql: share(0.3) })

  const version = await store.draft(site, OTHER, 'key_test', now())
  const model = await store.modelVersion(site, version)
  const diff = await modelDiff(store, site, model!, now())
  expect(diff).toMatchObject({
    from: 1,
    to: version,
    persons: PERSONS,
    stages: {
      lead: { before: share(0.3), after: PERSONS, enter: { count: share(0.7) }, leave: { count: 0 } },
      mql: { before: share(0.3), after: 0, enter: { count: 0 }, leave: { count: share(0.3) } },
    },
    scores: { risen: 0, fallen: share(0.7), same: share(0.3) },
  })
  expect(diff.stages.lead.enter.leads).toHaveLength(100)
  expect(diff.labels['warm']?.enter.count).toBeGreaterThan(0)
  expect((await everybody()).scores).toBe(before.scores)
  expect(await store.census(site)).toMatchObject({ persons: PERSONS, stale: 0 })

  const published = performance.now()
  expect(await store.publish(site, version, 'key_test', now())).toBe(version)
  expect(performance.now() - published).toBeLessThan(250)
  expect(await store.census(site)).toMatchObject({ stale: PERSONS })
  await rescore()
  const after = await everybody()
  expect(tally(after.stages)).toEqual({ lead: share(0.7), mql: share(0.3) })
  for (const id of diff.stages.lead.enter.leads) {
    expect(await store.transitions(site, id)).toMatchObject([
      { from: 'visitor', to: 'lead', cause: 'model', quiet: true },
    ])
  }
  for (const id of diff.stages.mql.leave.leads) {
    expect(after.stages.get(id)).toBe('mql')
    expect(await store.transitions(site, id)).toMatchObject([
      { to: 'lead', quiet: false },
      { to: 'mql', quiet: false },
    ])
  }

  await store.publish(site, 1, 'key_test', now())
  await rescore()
  const back = await everybody()
  expect(back.scores).toBe(before.scores)
  expect(tally(back.stages)).toEqual(tally(after.stages))
})
