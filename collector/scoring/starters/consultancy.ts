import type { Model } from '../../../shared/model.ts'

/**
 * For a consultancy, which sells by meeting: an MQL has attended a consultation, took an active part in it, and wants to go
 * on. Whoever leads the consultation reports it, as `consultation_attend` with `active: true`.
 */
export const consultancy: Model = {
  name: 'Consultancy',
  timezone: 'UTC',
  groups: [
    { id: 'web', kind: 'engagement', max: 40 },
    { id: 'meeting', kind: 'engagement', max: 60 },
    { id: 'fit', kind: 'fit', min: -50, max: 50 },
  ],
  rules: [
    { id: 'visit', group: 'web', on: 'page_view', limit: { n: 1, per: 'visit' }, points: 5, halfLifeDays: 14, cap: 15 },
    {
      id: 'download',
      group: 'web',
      on: 'file_download',
      limit: { n: 1, per: 'ever', key: 'file_name' },
      points: 10,
      halfLifeDays: 30,
      cap: 20,
    },
    { id: 'contact', group: 'web', on: 'contact', limit: { n: 1, per: 'day' }, points: 10, halfLifeDays: 30, cap: 20 },
    {
      id: 'consultation',
      group: 'meeting',
      on: 'consultation_attend',
      limit: { n: 1, per: 'day' },
      points: 20,
      halfLifeDays: 30,
      cap: 40,
    },
    {
      id: 'active_part',
      group: 'meeting',
      on: 'consultation_attend',
      where: { active: true },
      limit: { n: 1, per: 'day' },
      points: 20,
      halfLifeDays: 30,
      cap: 20,
    },
    {
      id: 'wants_to_go_on',
      group: 'meeting',
      on: 'form_submit',
      where: { wants_to_continue: 'yes' },
      limit: { n: 1, per: 'ever' },
      points: 20,
      halfLifeDays: 30,
    },
    { id: 'size', group: 'fit', trait: { employees: { gte: 50 } }, points: 20 },
    { id: 'decides', group: 'fit', trait: { role: { in: ['owner', 'director', 'manager'] } }, points: 20 },
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
        { event: 'consultation_attend', where: { active: true } },
        { event: 'form_submit', where: { wants_to_continue: 'yes' } },
        { known: 'email' },
      ],
    },
    fastTrack: { any: [{ event: 'request_proposal' }, { event: 'request_quote' }] },
  },
}
