import { expect, test } from 'vitest'
import type { Outcome } from '../../shared/outcome.ts'
import { crowd, event, NOON } from './crowd.ts'

const outcome = (person: string, parts: Partial<Outcome> = {}): Outcome => ({
  id: 'deal-1',
  person,
  result: 'won',
  at: NOON,
  value: 340,
  currency: 'EUR',
  source: 'crm',
  actor: 'key_test',
  ...parts,
})

test('an outcome is kept once, however often it is reported, and only of somebody', async () => {
  const c = await crowd()
  await c.arrive('ada', event('page_view'))
  const { id } = await c.person('ada')
  const reported = [outcome(id), outcome(id, { result: 'lost' }), outcome('nobody', { id: 'deal-2' })]
  expect(await c.store.addOutcomes(c.site, reported, NOON)).toEqual(['stored', 'duplicate', 'unknown_person'])
  expect(await c.store.outcomes(c.site, id)).toEqual([outcome(id)])
  expect(await c.store.outcomes(c.site, 'nobody')).toEqual([])
})

test('an outcome belongs to whom its id belongs to', async () => {
  const c = await crowd()
  await c.arrive('ada', event('page_view'))
  await c.arrive('bob', event('page_view'))
  const [ada, bob] = [(await c.person('ada')).id, (await c.person('bob')).id]
  await c.store.addOutcomes(c.site, [outcome(bob, { id: 'late', at: NOON + 5 }), outcome(ada)], NOON)
  await c.merge(ada, bob)
  const both = [outcome(ada), outcome(ada, { id: 'late', at: NOON + 5 })]
  expect(await c.store.outcomes(c.site, ada)).toEqual(both)
  await c.unmerge(ada, bob)
  expect(await c.store.outcomes(c.site, bob)).toEqual([outcome(bob, { id: 'late', at: NOON + 5 })])
})
