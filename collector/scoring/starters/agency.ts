import type { Model } from '../../../shared/model.ts'

/** For an agency: an MQL came by an advertisement, used the contact form and asked for a proposal. */
export const agency: Model = {
  name: 'Agency',
  timezone: 'UTC',
  groups: [
    { id: 'web', kind: 'engagement', max: 40 },
    { id: 'intent', kind: 'engagement', max: 60 },
    { id: 'fit', kind: 'fit', min: -50, max: 50 },
  ],
  rules: [
    { id: 'visit', group: 'web', on: 'page_view', limit: { n: 1, per: 'visit' }, points: 5, halfLifeDays: 14, cap: 15 },
    {
      id: 'ad',
      group: 'web',
      on: 'page_view',
      where: { medium: { in: ['cpc', 'display', 'paid_social'] } },
      limit: { n: 1, per: 'day' },
      points: 10,
      halfLifeDays: 14,
      cap: 20,
    },
    {
      id: 'work',
      group: 'web',
      on: 'page_view',
      where: { path: { glob: '*/work/*' } },
      limit: { n: 1, per: 'day', key: 'path' },
      points: 5,
      halfLifeDays: 14,
      cap: 15,
    },
    {
      id: 'careers',
      group: 'web',
      on: 'page_view',
      where: { path: { glob: '*/careers*' } },
      points: -10,
      halfLifeDays: 30,
      cap: -10,
    },
    {
      id: 'contact',
      group: 'intent',
      on: 'contact',
      limit: { n: 1, per: 'day' },
      points: 20,
      halfLifeDays: 30,
      cap: 20,
    },
    {
      id: 'proposal',
      group: 'intent',
      on: 'request_proposal',
      limit: { n: 1, per: 'day' },
      points: 30,
      halfLifeDays: 30,
      cap: 30,
    },
    { id: 'company', group: 'fit', trait: { company: { exists: true } }, points: 10 },
    { id: 'budget', group: 'fit', trait: { budget: { gte: 10_000 } }, points: 30 },
  ],
  total: { min: 0, max: 100 },
  labels: [
    { id: 'hot', score: 'engagement', gte: 50 },
    { id: 'warm', score: 'engagement', gte: 25 },
  ],
  stages: {
    subscriber: { event: 'sign_up' },
    lead: { any: [{ known: 'email' }, { event: 'contact' }] },
    mql: {
      all: [
        { event: 'page_view', where: { medium: { in: ['cpc', 'display', 'paid_social'] } } },
        { event: 'contact' },
        { event: 'request_proposal' },
      ],
    },
    fastTrack: { any: [{ event: 'request_quote' }, { event: 'request_purchase_info' }] },
  },
}
