import type { Model } from '../../../shared/model.ts'

/**
 * For a car dealer: an MQL has looked at a vehicle, has driven it and has asked what it costs, all three the same vehicle by
 * its `item_id`. Browsing alone is not enough, however long.
 */
export const dealer: Model = {
  name: 'Car dealer',
  timezone: 'UTC',
  groups: [
    { id: 'web', kind: 'engagement', max: 30 },
    { id: 'intent', kind: 'engagement', max: 70 },
    { id: 'fit', kind: 'fit', min: -50, max: 50 },
  ],
  rules: [
    { id: 'visit', group: 'web', on: 'page_view', limit: { n: 1, per: 'visit' }, points: 5, halfLifeDays: 14, cap: 15 },
    {
      id: 'vehicle',
      group: 'web',
      on: 'view_item',
      limit: { n: 1, per: 'day', key: 'item_id' },
      points: 5,
      halfLifeDays: 14,
      cap: 15,
    },
    {
      id: 'favourite',
      group: 'intent',
      on: 'add_to_wishlist',
      limit: { n: 1, per: 'ever', key: 'item_id' },
      points: 10,
      halfLifeDays: 30,
      cap: 20,
      reversedBy: { on: 'remove_from_wishlist', match: ['item_id'] },
    },
    {
      id: 'test_drive',
      group: 'intent',
      on: 'test_drive',
      limit: { n: 1, per: 'ever', key: 'item_id' },
      points: 30,
      halfLifeDays: 30,
      cap: 45,
    },
    {
      id: 'quote',
      group: 'intent',
      on: 'request_quote',
      limit: { n: 1, per: 'day', key: 'item_id' },
      points: 25,
      halfLifeDays: 30,
      cap: 25,
    },
    { id: 'area', group: 'fit', trait: { country: { in: ['NO', 'SE', 'DK', 'FI', 'IS'] } }, points: 20 },
    { id: 'trade_in', group: 'fit', trait: { has_trade_in: true }, points: 10 },
  ],
  total: { min: 0, max: 100 },
  labels: [
    { id: 'hot', score: 'engagement', gte: 50 },
    { id: 'warm', score: 'engagement', gte: 25 },
  ],
  stages: {
    subscriber: { event: 'sign_up' },
    lead: { any: [{ known: 'email' }, { event: 'test_drive' }] },
    mql: {
      sequence: [{ event: 'view_item' }, { event: 'test_drive' }, { event: 'request_quote' }],
      sameKey: 'item_id',
      within: 90,
    },
    fastTrack: { event: 'request_purchase_info' },
  },
}
