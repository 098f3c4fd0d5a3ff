import fc from 'fast-check'
import { expect, test } from 'vitest'
import { calendar } from '../../collector/scoring/day.ts'
import { DAY } from '../../shared/instant.ts'
import { RUNS } from './arbitrary.ts'

const ZONES = [
  'UTC',
  'Europe/Oslo',
  'America/New_York',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'America/St_Johns',
]

test('a day is what the wall calendar of the zone says, in any season of any zone', () => {
  const instant = fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2035, 0) })
  const calendars = new Map(ZONES.map(zone => [zone, calendar(zone)]))
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), instant, (zone, at) => {
      const date = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(at)
      expect(calendars.get(zone)?.(at)).toBe(Date.parse(`${date}T00:00:00Z`) / DAY)
    }),
    { numRuns: RUNS },
  )
})

test('a zone that is none is refused', () => expect(() => calendar('Nowhere/Land')).toThrow(RangeError))
