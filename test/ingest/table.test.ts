import { expect, test } from 'vitest'
import { readLine } from '../../collector/ingest/line.ts'
import { tableReader } from '../../collector/ingest/table.ts'
import { readMapping, type Mapping } from '../../collector/ingest/table-mapping.ts'

const NOW = Date.UTC(2026, 0, 1)

/** What some rows come to, as lines of an import. */
function lines(mapping: Mapping, ...rows: Record<string, string>[]) {
  const read = tableReader(readMapping(mapping, Object.keys(rows[0] ?? {})))
  return rows.flatMap((row, index) =>
    read({
      number: index + 2,
      end: { lines: index + 2, bytes: (index + 1) * 100 },
      text: JSON.stringify(row),
      given: {},
    }),
  )
}
const given = (...args: Parameters<typeof lines>) => lines(...args).map(line => line.given ?? line.wrong)

const ROW = {
  Id: '007',
  Email: 'Ada@Example.com',
  First: 'Ada',
  Last: 'Berg',
  Created: '03/04/2025 14:30',
  Stage: 'Closed Won',
}
const WHO = { email: 'Email', user_id: 'Id', name: ['First', 'Last'] }

test('a row becomes a person, what they did, and how it went', () => {
  const mapping: Mapping = {
    person: WHO,
    traits: { industry: 'Industry', employees: 'Employees', partner: { column: 'Partner', map: { yes: true } } },
    created: 'Created',
    events: [
      { type: 'page_view', repeat: 'Visits', url: 'Page' },
      { type: 'user_engagement', properties: { engaged_ms: { column: 'Seconds', times: 1_000 } } },
      { type: 'webinar_attend', at: 'Webinar' },
      { type: 'request_demo', when: { Source: ['Demo', 'Trial'] }, properties: { from: { value: 'crm' } } },
    ],
    outcome: { column: 'Stage', won: ['Closed Won'], at: 'Closed', value: 'Amount', currency: { value: 'EUR' } },
    dates: { order: 'DMY', timezone: 'Europe/Oslo' },
    empty: ['Select'],
  }
  const more = {
    Industry: 'Select',
    Employees: '12',
    Partner: 'yes',
    Visits: '2',
    Page: '/a',
    Seconds: '90',
    Webinar: '',
    Source: 'Trial',
    Closed: '05/06/2025',
    Amount: '340',
  }
  const found = given(mapping, { ...ROW, ...more })
  const who = { email: 'Ada@Example.com', user_id: '007' }
  expect(found).toMatchObject([
    {
      kind: 'person',
      ...who,
      at: '2025-04-03T12:30:00.000Z',
      traits: { employees: 12, partner: true, name: 'Ada Berg' },
    },
    { kind: 'event', ...who, type: 'page_view', at: '2025-04-02T12:30:01.000Z', url: '/a' },
    { kind: 'event', type: 'page_view', at: '2025-04-03T12:30:01.000Z' },
    { kind: 'event', type: 'user_engagement', properties: { engaged_ms: 90_000 } },
    { kind: 'event', type: 'request_demo', properties: { from: 'crm' } },
    { kind: 'outcome', ...who, result: 'won', at: '2025-06-04T22:00:00.000Z', value: 340, currency: 'EUR' },
  ])
  expect(Object.keys((found[0] as { traits: object }).traits)).not.toContain('industry')
  for (const line of found) expect(typeof readLine(line, JSON.stringify(line), NOW)).toBe('object')
})

test('somebody whom a row does not name is somebody of their own, also when two rows say the same', () => {
  const mapping: Mapping = { traits: { source: 'Source' }, outcome: { column: 'Won', won: ['1'] } }
  const row = { Source: 'Google', Won: '0' }
  const found = given(mapping, row, row) as { visitor: string; id: string; type?: string; at: string }[]
  expect(new Set(found.map(({ visitor }) => visitor)).size).toBe(2)
  expect(new Set(found.map(({ id }) => id)).size).toBe(4)
  expect(found.map(({ type }) => type)).toEqual([undefined, 'closed_lost', undefined, 'closed_lost'])
  expect(found[0]!.at < found[1]!.at && found[0]!.at < found[2]!.at).toBe(true)
  for (const line of found) expect(typeof readLine(line, JSON.stringify(line), NOW)).toBe('object')
})

test('a row that comes again is the same, also from another place of another file', () => {
  const mapping: Mapping = { person: WHO, created: 'Created', dates: { order: 'DMY' } }
  const [first, other, again] = given(mapping, ROW, { ...ROW, Id: '8' }, ROW)
  expect(again).toEqual(first)
  expect(other).not.toEqual(first)
})

test('what is no win is a loss, unless losses are named; what is empty is open', () => {
  const results = (outcome: Partial<Mapping['outcome']>) =>
    ['Won', 'Lost', 'Later', ''].map(Stage => {
      const mapping = { person: { user_id: 'Id' }, outcome: { column: 'Stage', won: ['Won'], ...outcome } }
      const [, line] = given(mapping, { Id: '1', Stage }) as { result?: string }[]
      return line?.result ?? null
    })
  expect(results({})).toEqual(['won', 'lost', 'lost', null])
  expect(results({ lost: ['Lost'] })).toEqual(['won', 'lost', null, null])
})

for (const [text, order, instant] of [
  ['2025-04-03', 'YMD', '2025-04-03T00:00:00.000Z'],
  ['2025/4/3 14:30', 'MDY', '2025-04-03T14:30:00.000Z'],
  ['04/03/2025 2:30 PM', 'MDY', '2025-04-03T14:30:00.000Z'],
  ['3.4.25 00:05:07', 'DMY', '2025-04-03T00:05:07.000Z'],
  ['2025-04-03T14:30:00+02:00', 'DMY', '2025-04-03T12:30:00.000Z'],
  ['1743683400000', 'DMY', '2025-04-03T12:30:00.000Z'],
  ['31/02/2025', 'DMY', null],
  ['13/13/2025', 'MDY', null],
  ['yesterday', 'YMD', null],
] as const)
  test(`${text} in the order ${order} is ${instant ?? 'no date'}`, () => {
    const [line] = given({ person: { user_id: 'Id' }, created: 'Day', dates: { order } }, { Id: '1', Day: text })
    if (instant === null) expect(line).toBe(`Day: is no date of the order ${order}`)
    else expect(line).toMatchObject({ at: instant })
  })

test('a row is done with its last line alone, so that an import that was interrupted begins it again', () => {
  const mapping: Mapping = { person: WHO, events: [{ type: 'page_view', repeat: { value: 3 } }] }
  expect(lines(mapping, ROW, ROW).map(({ number, end }) => [number, end.bytes])).toEqual([
    [2, 0],
    [2, 0],
    [2, 0],
    [2, 100],
    [3, 100],
    [3, 100],
    [3, 100],
    [3, 200],
  ])
})

test('a mapping that does not fit is refused with every wrong place', () => {
  const errors = (mapping: unknown) => {
    try {
      readMapping(mapping, ['Email', 'Stage', 'Closed'])
    } catch (error) {
      return (error as { errors: { pointer: string; detail: string }[] }).errors.map(
        ({ pointer, detail }) => `${pointer} ${detail}`,
      )
    }
    return []
  }
  expect(errors({ person: { mail: 'Email' }, events: [{ typ: 'x' }] })).toEqual([
    '/person/mail "mail" is not known here. Did you mean `email`?',
    '/events/0/typ "typ" is not known here. Did you mean `type`?',
    '/events/0 `type` is missing.',
  ])
  expect(
    errors({
      person: { email: 'email' },
      events: [{ type: 'x', when: { Stages: 'a' }, at: { column: 'Close' } }],
      outcome: { column: 'Stage', won: ['Email?'], value: 'Amount', currency: { value: 'EUR' } },
      dates: { timezone: 'Mars/Olympus' },
    }),
  ).toEqual([
    '/person/email The table has no column "email". Did you mean "Email"?',
    '/events/0/when/Stages The table has no column "Stages". Did you mean "Stage"?',
    '/events/0/at/column The table has no column "Close". Did you mean "Closed"?',
    '/outcome/value The table has no column "Amount". There are: Email, Stage, Closed.',
    '/dates/timezone Must be an IANA time zone, like Europe/Oslo.',
  ])
})
