import { expect, test } from 'vitest'
import { readModel } from '../../collector/scoring/model.ts'
import type { StoredEvent } from '../../shared/event.ts'
import type { Condition } from '../../shared/model.ts'
import type { Touch } from '../../shared/touch.ts'
import { days, happened, judged, model, said, saw } from './history.ts'

// Qualification is a boolean rule, not only a sum: the five settings of the articles, as conditions.

const ad: Touch = { at: days(0), source: 'google', medium: 'cpc', click_id: 'gclid' }
const did = (type: string, day: number, properties = {}) => happened(type, days(day), properties)

const SETTINGS: Record<
  string,
  { mql: Condition; qualified: StoredEvent[][]; not: [why: string, events: StoredEvent[]][] }
> = {
  'a start-up: guide and webinar and the qualifying questions': {
    mql: {
      all: [
        { event: 'file_download', where: { file_name: { contains: 'guide' } } },
        { event: 'webinar_attend' },
        { known: 'role' },
        { known: 'challenge' },
      ],
    },
    qualified: [
      [
        did('file_download', 0, { file_name: '/guide.pdf' }),
        did('webinar_attend', 1),
        said({ role: 'founder', challenge: 'growth' }, days(2)),
      ],
      [
        said({ role: 'founder', challenge: 'growth' }, days(0)),
        did('webinar_attend', 1),
        did('file_download', 2, { file_name: '/guide.pdf' }),
      ],
    ],
    not: [
      [
        'no webinar',
        [did('file_download', 0, { file_name: '/guide.pdf' }), said({ role: 'founder', challenge: 'growth' }, days(2))],
      ],
      [
        'one question left open',
        [
          did('file_download', 0, { file_name: '/guide.pdf' }),
          did('webinar_attend', 1),
          said({ role: 'founder', challenge: '' }, days(2)),
        ],
      ],
      [
        'another file',
        [
          did('file_download', 0, { file_name: '/prices.pdf' }),
          did('webinar_attend', 1),
          said({ role: 'founder', challenge: 'growth' }, days(2)),
        ],
      ],
    ],
  },
  'a consultancy: attended a consultation and took an active part and wants to go on': {
    mql: {
      all: [
        { event: 'consultation_attend', where: { active: true } },
        { event: 'form_submit', where: { wants_to_continue: 'yes' }, within: 30 },
      ],
    },
    qualified: [[did('consultation_attend', 0, { active: true }), did('form_submit', 1, { wants_to_continue: 'yes' })]],
    not: [
      [
        'only listened',
        [did('consultation_attend', 0, { active: false }), did('form_submit', 1, { wants_to_continue: 'yes' })],
      ],
      [
        'does not want to go on',
        [did('consultation_attend', 0, { active: true }), did('form_submit', 1, { wants_to_continue: 'no' })],
      ],
    ],
  },
  'an agency: ad click and contact form and asked for a proposal': {
    mql: {
      all: [
        { event: 'page_view', where: { medium: { in: ['cpc', 'display'] } } },
        { event: 'contact' },
        { event: 'request_proposal' },
      ],
    },
    qualified: [[saw('/', days(0), { touch: ad }), did('contact', 1), did('request_proposal', 2)]],
    not: [
      ['came without an ad', [saw('/', days(0)), did('contact', 1), did('request_proposal', 2)]],
      [
        'came from a search',
        [saw('/', days(0), { touch: { ...ad, medium: 'organic' } }), did('contact', 1), did('request_proposal', 2)],
      ],
      ['asked for nothing', [saw('/', days(0), { touch: ad }), did('contact', 1)]],
    ],
  },
  'a car dealer: visit and test drive and quote for the same vehicle': {
    mql: {
      sequence: [{ event: 'view_item' }, { event: 'test_drive' }, { event: 'request_quote' }],
      sameKey: 'item_id',
      within: 90,
    },
    qualified: [
      [
        did('view_item', 0, { item_id: 'V60' }),
        did('test_drive', 7, { item_id: 'V60' }),
        did('request_quote', 9, { item_id: 'V60' }),
      ],
      [
        did('view_item', 0, { items: [{ item_id: 'V60' }] }),
        did('test_drive', 7, { item_id: 'V60' }),
        did('view_item', 8, { item_id: 'EX30' }),
        did('request_quote', 9, { item_id: 'V60' }),
      ],
    ],
    not: [
      ['browsing alone is not enough', Array.from({ length: 50 }, (_, n) => did('view_item', n, { item_id: 'V60' }))],
      [
        'a quote for another vehicle',
        [
          did('view_item', 0, { item_id: 'V60' }),
          did('test_drive', 7, { item_id: 'V60' }),
          did('request_quote', 9, { item_id: 'EX30' }),
        ],
      ],
      ['no test drive', [did('view_item', 0, { item_id: 'V60' }), did('request_quote', 9, { item_id: 'V60' })]],
      [
        'a year apart',
        [
          did('view_item', 0, { item_id: 'V60' }),
          did('test_drive', 7, { item_id: 'V60' }),
          did('request_quote', 372, { item_id: 'V60' }),
        ],
      ],
    ],
  },
  'a software firm: industry is one of three and (white paper or webinar)': {
    mql: {
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
    qualified: [
      [said({ industry: 'health' }, days(0)), did('webinar_attend', 1)],
      [did('file_download', 0, { file_name: '/white-paper-2026.pdf' }), said({ industry: 'retail' }, days(1))],
    ],
    not: [
      ['another industry', [said({ industry: 'mining' }, days(0)), did('webinar_attend', 1)]],
      ['an unknown industry', [did('webinar_attend', 1)]],
      ['neither paper nor webinar', [said({ industry: 'health' }, days(0)), saw('/', days(1))]],
    ],
  },
}

for (const [setting, { mql, qualified, not }] of Object.entries(SETTINGS)) {
  const rules = [{ id: 'view', group: 'web', on: 'page_view', points: 1 }]
  const qualifying = readModel(model({ rules, stages: { mql } }))
  for (const [index, events] of qualified.entries())
    test(`${setting}: qualified (${index + 1})`, () => {
      const { transitions } = judged(qualifying, events, days(400))
      expect(transitions).toMatchObject([{ to: 'mql', event: events.at(-1)?.id }])
    })
  for (const [why, events] of not)
    test(`${setting}: not when ${why}`, () =>
      expect(judged(qualifying, events, days(400)).standing.stage).toBe('visitor'))
}
