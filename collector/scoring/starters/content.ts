import type { Model } from '../../../shared/model.ts'

/**
 * For a site that explains: reading an article is worth 10, filling in a form 20, coming from a wanted company or area 30.
 * Put your own companies and countries in the rules `company` and `area`.
 */
export const content: Model = {
  name: 'Content',
  timezone: 'UTC',
  groups: [
    { id: 'reading', kind: 'engagement', max: 40 },
    { id: 'answering', kind: 'engagement', max: 60 },
    { id: 'fit', kind: 'fit', min: -50, max: 50 },
  ],
  rules: [
    {
      id: 'article',
      group: 'reading',
      on: 'page_view',
      where: { path: { glob: '*/blog/*' } },
      limit: { n: 1, per: 'day', key: 'path' },
      points: 10,
      halfLifeDays: 14,
      cap: 30,
    },
    {
      id: 'active_time',
      group: 'reading',
      on: 'user_engagement',
      points: { per: 60_000, of: 'engaged_ms', points: 1, max: 5 },
      halfLifeDays: 14,
      cap: 15,
    },
    {
      id: 'form',
      group: 'answering',
      on: 'form_submit',
      limit: { n: 1, per: 'day' },
      points: 20,
      halfLifeDays: 30,
      cap: 40,
    },
    {
      id: 'download',
      group: 'answering',
      on: 'file_download',
      where: { file_extension: { in: ['pdf', 'epub'] } },
      limit: { n: 1, per: 'day', key: 'file_name' },
      points: 15,
      halfLifeDays: 30,
      cap: 30,
    },
    {
      id: 'webinar',
      group: 'answering',
      on: 'webinar_attend',
      limit: { n: 1, per: 'day' },
      points: 20,
      halfLifeDays: 30,
      cap: 40,
    },
    { id: 'company', group: 'fit', trait: { company: { in: ['Example Ltd', 'Example AS'] } }, points: 30 },
    { id: 'area', group: 'fit', trait: { country: { in: ['NO', 'SE', 'DK', 'FI', 'IS'] } }, points: 30 },
  ],
  total: { min: 0, max: 100 },
  labels: [
    { id: 'hot', score: 'engagement', gte: 50 },
    { id: 'warm', score: 'engagement', gte: 25 },
  ],
  stages: {
    subscriber: { event: 'sign_up' },
    lead: { any: [{ known: 'email' }, { event: 'file_download' }] },
    mql: { all: [{ known: 'email' }, { event: 'form_submit' }, { score: 'total', gte: 50 }] },
    fastTrack: { any: [{ event: 'request_demo' }, { event: 'request_quote' }, { event: 'request_proposal' }] },
  },
}
