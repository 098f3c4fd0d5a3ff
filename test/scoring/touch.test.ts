import { expect, test } from 'vitest'
import type { StoredEvent } from '../../shared/event.ts'
import type { Touch } from '../../shared/touch.ts'
import { days, judged, minutes, model, saw } from './history.ts'

const from = (source: string, at: number): Touch => ({ at, source, medium: 'cpc', campaign: 'spring' })
const landed = (source: string, at: number, more: Partial<StoredEvent> = {}) =>
  saw('/lamps?utm_source=x', at, { touch: from(source, at), ...more })
const direct = { at: minutes(0), source: '(direct)', medium: '(none)', landing_page: '/lamps' }

for (const [name, events, first, last] of [
  ['nothing is known of nobody', [], null, null],
  ['a page without an origin is direct', [saw('/lamps', minutes(0)), saw('/cart', minutes(1))], direct, direct],
  [
    'the first known way is the first',
    [landed('ad', minutes(0)), landed('mail', days(1))],
    from('ad', minutes(0)),
    from('mail', days(1)),
  ],
  [
    'coming back directly changes nothing',
    [landed('ad', minutes(0)), saw('/', days(1))],
    from('ad', minutes(0)),
    from('ad', minutes(0)),
  ],
  [
    'also when the collector says direct',
    [landed('ad', minutes(0)), landed('(direct)', days(1))],
    from('ad', minutes(0)),
    from('ad', minutes(0)),
  ],
  [
    'a known way is better than a direct page before it',
    [saw('/', minutes(0)), landed('ad', days(1))],
    from('ad', days(1)),
    from('ad', days(1)),
  ],
  [
    'machines come from nowhere',
    [landed('ad', minutes(0), { mark: 'bot' }), saw('/lamps', minutes(0))],
    direct,
    direct,
  ],
] as [string, StoredEvent[], Touch | null, Touch | null][])
  test(name, () => {
    const { firstTouch, lastTouch } = judged(model({}), events, days(2)).profile
    expect({ firstTouch, lastTouch }).toEqual({ firstTouch: first, lastTouch: last })
  })
