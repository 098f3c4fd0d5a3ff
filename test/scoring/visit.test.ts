import { expect, test } from 'vitest'
import type { StoredEvent } from '../../shared/event.ts'
import { days, judged, minutes, model, saw } from './history.ts'

const visits = (...events: StoredEvent[]) => judged(model({}), events, days(1)).profile.visits
const at = (minute: number, more: Partial<StoredEvent> = {}) => saw('/', minutes(minute), more)

for (const [name, count, events] of [
  ['nothing is no visit', 0, []],
  ['the first event begins one', 1, [at(0)]],
  ['half an hour of silence is still the same visit', 1, [at(0), at(30)]],
  ['more is a new one', 2, [at(0), at(30.001)]],
  ['it is silence that ends a visit, not its length', 1, [at(0), at(25), at(50), at(75)]],
  ['each browser has visits of its own', 2, [at(0), at(1, { visitor: 'phone' }), at(2)]],
  ['what a server reports begins none', 1, [at(0), at(50, { provenance: 'server' })]],
  ['and extends none', 2, [at(0), at(20, { provenance: 'server' }), at(40)]],
  ['nor does a machine', 2, [at(0), at(20, { mark: 'bot', provenance: 'weak' }), at(40)]],
  ['arrival does not matter', 1, [at(50), at(0), at(25)]],
] as [string, number, StoredEvent[]][])
  test(name, () => expect(visits(...events)).toBe(count))

test('first and last seen are event times, of events that count', () => {
  const { profile } = judged(model({}), [at(5), at(1), at(0, { mark: 'bot' }), at(9, { provenance: 'weak' })], days(1))
  expect(profile).toMatchObject({ firstSeen: minutes(1), lastSeen: minutes(5) })
  const { profile: machine } = judged(model({}), [at(0, { mark: 'bot' })], days(1))
  expect(machine).toMatchObject({ firstSeen: null, lastSeen: null, visits: 0 })
})
