import { expect, test } from 'vitest'
import { judge } from '../../collector/scoring/judge.ts'
import type { StoredEvent } from '../../shared/event.ts'
import type { Condition } from '../../shared/model.ts'
import { days, happened, judged, minutes, model, said, saw } from './history.ts'

/** Whether the condition is true at an instant at which nothing happens, some time after the events. */
function isTrue(condition: Condition, events: StoredEvent[], at = days(100)): boolean {
  const rules = [{ id: 'view', group: 'web', on: 'page_view', points: 10, halfLifeDays: 10 }]
  const asking = model({ rules, stages: { lead: condition } })
  const { standing } = judged(asking, events, at)
  return judge(asking, 1, { ...standing, stage: 'visitor' }, [], at)?.standing.stage === 'lead'
}

const did = (type: string, at: number, properties = {}) => happened(type, at, properties)
const tour = (type: string, at: number, item = 'A') => happened(type, at, { item_id: item })

for (const [name, expected, condition, events, at] of [
  ['known', true, { known: 'email' }, [said({ email: 'a@b.no' })]],
  ['not known', false, { known: 'email' }, [said({ email: 'no address' })]],
  ['a trait', true, { trait: { industry: { in: ['retail', 'health'] } } }, [said({ industry: 'health' })]],
  ['an unknown trait is none', false, { trait: { industry: { ne: 'retail' } } }, []],
  ['a score that is reached', true, { score: 'total', gte: 10 }, [saw('/', days(0))], days(0)],
  ['a score that has faded', false, { score: 'total', gte: 10 }, [saw('/', days(0))], days(0) + 1],
  ['all', false, { all: [{ known: 'email' }, { known: 'role' }] }, [said({ role: 'x' })]],
  ['any', true, { any: [{ known: 'email' }, { known: 'role' }] }, [said({ role: 'x' })]],
  ['not', true, { not: { known: 'email' } }, [said({ role: 'x' })]],
  [
    'at least two of three',
    true,
    { atLeast: { n: 2, of: [{ known: 'a' }, { known: 'b' }, { known: 'c' }] } },
    [said({ a: 1, c: 1 })],
  ],
  [
    'at least two of three, but one',
    false,
    { atLeast: { n: 2, of: [{ known: 'a' }, { known: 'b' }, { known: 'c' }] } },
    [said({ c: 1 })],
  ],
  ['an event', true, { event: 'webinar_attend' }, [did('webinar_attend', days(0))]],
  ['an event of a machine is none', false, { event: 'page_view' }, [saw('/', days(0), { mark: 'bot' })]],
  ['a weak event is none', false, { event: 'page_view' }, [saw('/', days(0), { provenance: 'weak' })]],
  [
    'an event with a field',
    true,
    { event: 'page_view', where: { path: { prefix: '/pricing' } } },
    [saw('/pricing/eu', days(0))],
  ],
  ['an event with another', false, { event: 'page_view', where: { path: '/pricing' } }, [saw('/', days(0))]],
  ['three times', true, { event: 'page_view', count: 3 }, [saw('/', days(0)), saw('/', days(1)), saw('/', days(2))]],
  ['twice is not three times', false, { event: 'page_view', count: 3 }, [saw('/', days(0)), saw('/', days(1))]],
  ['within so many days before now', true, { event: 'page_view', within: 7 }, [saw('/', days(0))], days(7)],
  ['but no longer', false, { event: 'page_view', within: 7 }, [saw('/', days(0))], days(7) + 1],
  [
    'twice within the window',
    false,
    { event: 'page_view', count: 2, within: 7 },
    [saw('/', days(0)), saw('/', days(6))],
    days(8),
  ],
  [
    'twice, with other events before',
    true,
    { event: 'page_view', count: 2, within: 7 },
    [saw('/', days(0)), saw('/', days(6)), saw('/', days(7))],
    days(8),
  ],
  [
    'different items',
    true,
    { event: 'view_item', count: 2, distinct: 'item_id' },
    [tour('view_item', days(0), 'A'), tour('view_item', days(1), 'B')],
  ],
  [
    'the same item twice is one',
    false,
    { event: 'view_item', count: 2, distinct: 'item_id' },
    [tour('view_item', days(0)), tour('view_item', days(1))],
  ],
  [
    'no item is not an item',
    false,
    { event: 'view_item', count: 2, distinct: 'item_id' },
    [tour('view_item', days(0)), did('view_item', days(1))],
  ],
  [
    'different items within the window, by the last time of each',
    true,
    { event: 'view_item', count: 2, distinct: 'item_id', within: 3 },
    [tour('view_item', days(0), 'A'), tour('view_item', days(5), 'B'), tour('view_item', days(6), 'A')],
    days(7),
  ],
  [
    'a recognised form is still a form',
    true,
    { event: 'form_submit' },
    [did('contact', days(0), { form_kind: 'contact' })],
  ],
  ['an event that was no form is none', false, { event: 'form_submit' }, [did('contact', days(0))]],
  ['a sequence', true, { sequence: [{ event: 'a' }, { event: 'b' }] }, [did('a', days(0)), did('b', days(1))]],
  [
    'in the order of event time',
    false,
    { sequence: [{ event: 'a' }, { event: 'b' }] },
    [did('b', days(0)), did('a', days(1))],
  ],
  ['two steps are two events', false, { sequence: [{ event: 'a' }, { event: 'a' }] }, [did('a', days(0))]],
  [
    'all steps within so many days of the first',
    true,
    { sequence: [{ event: 'a' }, { event: 'b' }, { event: 'c' }], within: 7 },
    [did('a', days(0)), did('b', days(3)), did('c', days(7))],
  ],
  [
    'not of the one before',
    false,
    { sequence: [{ event: 'a' }, { event: 'b' }, { event: 'c' }], within: 7 },
    [did('a', days(0)), did('b', days(5)), did('c', days(8))],
  ],
  [
    'a later beginning will do',
    true,
    { sequence: [{ event: 'a' }, { event: 'b' }], within: 7 },
    [did('a', days(0)), did('a', days(5)), did('b', days(10))],
  ],
  [
    'for the same item',
    true,
    { sequence: [{ event: 'a' }, { event: 'b' }], sameKey: 'item_id' },
    [tour('a', days(0), 'A'), tour('a', days(1), 'B'), tour('b', days(2), 'A')],
  ],
  [
    'not for another',
    false,
    { sequence: [{ event: 'a' }, { event: 'b' }], sameKey: 'item_id' },
    [tour('a', days(0), 'A'), tour('b', days(2), 'B')],
  ],
  [
    'nor for none',
    false,
    { sequence: [{ event: 'a' }, { event: 'b' }], sameKey: 'item_id' },
    [did('a', days(0)), did('b', days(2))],
  ],
  [
    'a sequence once completed stays so',
    true,
    { sequence: [{ event: 'a' }, { event: 'b' }], within: 1 },
    [did('a', days(0)), did('b', days(1)), did('a', days(50))],
  ],
] as [string, boolean, Condition, StoredEvent[], number?][])
  test(`${name}: ${expected}`, () => expect(isTrue(condition, events, at)).toBe(expected))

test('a stage is true from when it was reached, and of every further one', () => {
  const asking = model({
    stages: { subscriber: { event: 'sign_up' }, mql: { all: [{ stage: 'subscriber' }, { event: 'contact' }] } },
  })
  const events = [happened('contact', minutes(0)), happened('sign_up', minutes(1))]
  const { transitions, standing } = judged(asking, events, days(1))
  expect(transitions.map(({ from, to, event }) => [from, to, event])).toEqual([
    ['visitor', 'subscriber', events[1]!.id],
    ['subscriber', 'mql', events[1]!.id],
  ])
  expect(standing.stage).toBe('mql')
})

test('one condition may stand in several stages', () => {
  const a: Condition = { event: 'a' }
  const b: Condition = { event: 'b' }
  const asking = model({
    stages: { subscriber: { all: [b, a] }, lead: { all: [a, { event: 'c' }] }, mql: { all: [a, b, { event: 'd' }] } },
  })
  const stageAfter = (...types: string[]) =>
    judged(
      asking,
      types.map((type, index) => happened(type, minutes(index))),
      days(1),
    ).standing.stage
  expect(stageAfter('a')).toBe('visitor')
  expect(stageAfter('c')).toBe('visitor')
  expect(stageAfter('b', 'a')).toBe('subscriber')
  expect(stageAfter('a', 'c')).toBe('lead')
  expect(stageAfter('d', 'a', 'b')).toBe('mql')
})
