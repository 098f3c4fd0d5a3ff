import { expectTypeOf, test } from 'vitest'
import type { Call, Leadlight, Sent } from '../../sdk/index.ts'

declare module '../../sdk/event-properties.ts' {
  interface EventProperties {
    test_drive_booked: { vehicle: string }
  }
}

type Track = Leadlight['track']
const track: Track = () => {}

test('names are GA4’s, one’s own once declared, or any other; properties are typed where they are known', () => {
  expectTypeOf<'add_to_cart' | 'purchase' | 'sign_up' | 'file_download'>().toExtend<Parameters<Track>[0]>()
  track('add_to_cart', { item_id: 'A1', items: [{ item_id: 'A1', price: 10 }], currency: 'NOK', gift: true })
  track('test_drive_booked', { vehicle: 'A1' })
  track('anything', { at: 'all' })
  track('anything')
  // @ts-expect-error: a value is a number
  track('add_to_cart', { value: '10' })
  // @ts-expect-error: a purchase has an id, by which it counts once
  track('purchase', { value: 10 })
  // @ts-expect-error: a vehicle is named
  track('test_drive_booked', { vehicle: 1 })
})

test('calls are typed before the script is there as well', () => {
  expectTypeOf<['track', 'add_to_cart', { item_id: string }]>().toExtend<Call>()
  expectTypeOf<['identify', { email: string }]>().toExtend<Call>()
  expectTypeOf<['identify', '42', { email: string }]>().toExtend<Call>()
  expectTypeOf<['consent', 'granted']>().toExtend<Call>()
  expectTypeOf<['on', 'sent', (sent: Sent) => void]>().toExtend<Call>()
  expectTypeOf<['consent', 'maybe']>().not.toExtend<Call>()
  expectTypeOf<['trak', 'x']>().not.toExtend<Call>()
})
