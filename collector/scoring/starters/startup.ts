import type { Model } from '../../../shared/model.ts'

/**
 * For a software start-up, which sells by teaching: an MQL has read the guide, attended the webinar and answered the
 * qualifying questions; or works in an industry that buys, and has read a white paper or attended a webinar. Put your own
 * industries in the rule `industry` and in the stage.
 */
export const startup: Model = {
  name: 'Software start-up',
  timezone: 'UTC',
  groups: [
    { id: 'web', kind: 'engagement', max: 40 },
    { id: 'learning', kind: 'engagement', max: 60 },
    { id: 'fit', kind: 'fit', min: -50, max: 50 },
  ],
  rules: [
    { id: 'visit', group: 'web', on: 'page_view', limit: { n: 1, per: 'visit' }, points: 5, halfLifeDays: 14, cap: 15 },
    {
      id: 'pricing',
      group: 'web',
      on: 'page_view',
      where: { path: { glob: '*/pricing*' } },
      limit: { n: 1, per: 'day' },
      points: 10,
      halfLifeDays: 14,
      cap: 20,
    },
    { id: 'trial', group: 'web', on: 'demo_use', limit: { n: 1, per: 'day' }, points: 15, halfLifeDays: 14, cap: 30 },
    {
      id: 'guide',
      group: 'learning',
      on: 'file_download',
      limit: { n: 1, per: 'ever', key: 'file_name' },
      points: 15,
      halfLifeDays: 30,
      cap: 30,
    },
    {
      id: 'webinar',
      group: 'learning',
      on: 'webinar_attend',
      limit: { n: 1, per: 'day' },
      points: 20,
      halfLifeDays: 30,
      cap: 40,
    },
    { id: 'industry', group: 'fit', trait: { industry: { in: ['retail', 'logistics', 'health'] } }, points: 20 },
    { id: 'team', group: 'fit', trait: { employees: { gte: 10 } }, points: 10 },
    { id: 'student', group: 'fit', trait: { role: { in: ['student', 'job seeker'] } }, points: -20 },
  ],
  total: { min: 0, max: 100 },
  labels: [
    { id: 'hot', score: 'engagement', gte: 50 },
    { id: 'warm', score: 'engagement', gte: 25 },
  ],
  stages: {
    subscriber: { event: 'sign_up' },
    lead: { any: [{ known: 'email' }, { event: 'file_download' }] },
    mql: {
      all: [
        { known: 'email' },
        {
          any: [
            {
              all: [
                { event: 'file_download', where: { file_name: { contains: 'guide' } } },
                { event: 'webinar_attend' },
                { known: 'role' },
                { known: 'challenge' },
                { known: 'outcome' },
              ],
            },
            {
              all: [
                { trait: { industry: { in: ['retail', 'logistics', 'health'] } } },
                {
                  any: [
                    { event: 'file_download', where: { file_name: { glob: '*white-paper*' } } },
                    { event: 'webinar_attend' },
                  ],
                },
              ],
            },
          ],
        },
      ],
    },
    fastTrack: { any: [{ event: 'request_demo' }, { event: 'request_quote' }, { event: 'request_purchase_info' }] },
  },
}
