import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readBatch } from '../../collector/ingest/decode.ts'
import { Refusal } from '../../shared/refusal.ts'

const ID = '01938f5e-0000-7000-8000-000000000001'
const NOON = 1_764_000_000_000
const EVENT = { id: ID, type: 'page_view', at: NOON }
const batch = (changes: object = {}) =>
  JSON.stringify({ v: 1, key: 'wk_a', visitor: 'ada', sent_at: NOON, events: [EVENT], ...changes })

const decode = (body: string) => readBatch(body).frames[0]!.decode()

function refusal(body: string): Refusal {
  try {
    decode(body)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('a batch', () => {
  test('is read as it was sent', () => {
    expect(readBatch(batch())).toMatchObject({ key: 'wk_a', frames: [{ visitor: 'ada', sentAt: NOON, size: 1 }] })
    expect(decode(batch())).toEqual({ places: new Map([[EVENT.id, 0]]), events: [EVENT], quarantined: [], dropped: [] })
  })

  test('may give instants in RFC 3339', () => {
    const [sent] = readBatch(
      batch({ sent_at: '2025-11-24T16:00:00Z', events: [{ ...EVENT, at: '2025-11-24T17:00:00+01:00' }] }),
    ).frames
    expect([sent?.sentAt, sent?.decode().events[0]?.at]).toEqual([NOON, NOON])
  })

  test.each([
    ['{', 'The body is not JSON.', ['']],
    ['[]', 'The body must be a JSON object: { v: 1, key, visitor, sent_at, events: [] }.', []],
    [batch({ v: 2 }), 'The batch is not well-formed.', ['/v']],
    [batch({ visitor: '' }), 'The batch is not well-formed.', ['/visitor']],
    [
      batch({ visitor: 'x'.repeat(101), sent_at: 'yesterday' }),
      'The batch is not well-formed.',
      ['/visitor', '/sent_at'],
    ],
    [batch({ consent: 'maybe' }), 'The batch is not well-formed.', ['/consent']],
    [batch({ events: {} }), 'The batch is not well-formed.', ['/events']],
  ])('that cannot be read is refused as a whole: %s', (body, message, pointers) => {
    const { code, message: told, errors } = refusal(body)
    expect([code, told, errors.map(error => error.pointer)]).toEqual(['invalid', message, pointers])
  })

  test('holds few values besides its events, however short they are', () => {
    const many = `{"v":1,"visitor":"ada","sent_at":1,"events":[${'[],'.repeat(20_000)}1],"events":[]}`
    expect(refusal(many).message).toBe('Besides its events, a batch holds at most 5000 values.')
  })

  test('of which a large one is no JSON is none, though its events are parsed one at a time', () => {
    const [good, bad] = [JSON.stringify(EVENT), `{"a":"${'x'.repeat(31_000)}",}`]
    expect(() => decode(`{"v":1,"visitor":"ada","sent_at":1,"events":[${[good, bad, bad].join()}]}`)).toThrow(
      'not JSON',
    )
    expect(refusal(`{"v":1,"visitor":"ada","sent_at":1,"events":[${[bad, bad].join()},]}`).message).toContain(
      'not JSON',
    )
  })

  test('holds at most 500 events', () => {
    expect(refusal(batch({ events: Array(501).fill(EVENT) })).message).toBe(
      'A batch holds at most 500 events; this one has more.',
    )
    expect(decode(batch({ events: Array(500).fill(EVENT) })).events).toHaveLength(500)
  })
})

describe('an event', () => {
  test.each([
    [null, 'event: must be an object'],
    [{ ...EVENT, id: '42' }, 'id: must be a UUID'],
    [{ ...EVENT, type: ' ' }, 'type: must be a text of 1 to 100 characters'],
    [{ ...EVENT, at: 'soon' }, 'at: must be an instant: milliseconds since 1970, or RFC 3339'],
    [{ ...EVENT, at: 1e300 }, 'at: must be an instant: milliseconds since 1970, or RFC 3339'],
    [{ ...EVENT, seq: -1 }, 'seq: must be a whole number from 0'],
    [{ ...EVENT, url: 'x'.repeat(5000) }, 'url: must be a text of at most 4096 characters'],
    [{ ...EVENT, properties: [] }, 'properties: must be an object'],
    [{ ...EVENT, properties: JSON.parse('['.repeat(9) + ']'.repeat(9)) }, 'properties: must be an object'],
    [
      { ...EVENT, properties: { a: JSON.parse('['.repeat(9) + ']'.repeat(9)) } },
      'properties: must not be nested deeper than 8 levels',
    ],
    [
      { ...EVENT, properties: Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`k${n}`, n])) },
      'properties: must not hold an object of more than 200 keys; one has 201',
    ],
    [
      { ...EVENT, properties: { items: Array(2_000).fill(0) } },
      'properties: must not hold more than 2000 keys and list items',
    ],
    [
      { ...EVENT, properties: { a: 'x'.repeat(8_193) } },
      'properties: must not hold a text of more than 8192 characters',
    ],
    [{ ...EVENT, properties: { ['k'.repeat(201)]: 1 } }, 'properties: must not hold a key of more than 200 characters'],
  ])('that is not well-formed goes to quarantine, and costs no other: %j', (event, reason) => {
    const { events, quarantined } = decode(batch({ events: [EVENT, event] }))
    expect(events).toEqual([EVENT])
    expect(quarantined).toEqual([{ raw: JSON.stringify(event), reason }])
  })

  test('over 32 KiB is dropped, with its place', () => {
    const large = { ...EVENT, properties: { text: 'ø'.repeat(17_000) } }
    expect(decode(batch({ events: [EVENT, large] })).dropped).toEqual([{ index: 1, reason: 'event_too_large' }])
  })

  test('goes to quarantine as it came: spaces, escapes, order and numbers', () => {
    const raw = '{ "id" : "\\u0034\\"2", "n": 1e999,"n":9007199254740993 , "a": "]}" }'
    for (const padding of ['', 'x'.repeat(40_000)]) {
      const body = `{"v":1,"key":"wk_a","visitor":"ada","sent_at":1,"padding":"${padding}","events":[ ${raw} , ${raw}]}`
      expect(decode(body).quarantined.map(item => item.raw)).toEqual([raw, raw])
    }
  })

  test('nested so deep that parsing would hurt is put away unparsed, and costs no other', () => {
    const deep = (levels: number) => `{"properties":${'['.repeat(levels)}${']'.repeat(levels)}}`
    const others = Array.from({ length: 20 }, () =>
      JSON.stringify({ ...EVENT, properties: { text: 'x'.repeat(3_000) } }),
    )
    const { events, quarantined, dropped } = decode(
      `{"v":1,"visitor":"ada","sent_at":1,"events":[${[...others, deep(10_000), deep(100_000), ...others].join()}]}`,
    )
    expect(events).toHaveLength(40)
    expect(quarantined).toEqual([{ raw: deep(10_000), reason: 'event: must not be nested deeper than 64 levels' }])
    expect(dropped).toEqual([{ index: 21, reason: 'event_too_large' }])
  })

  test('nothing else may be nested so deep', () => {
    const deep = '['.repeat(20_000) + ']'.repeat(20_000)
    expect(refusal(`{"v":1,"visitor":"ada","sent_at":1,"events":[],"more":${deep}}`).message).toBe(
      'The body is nested deeper than 64 levels.',
    )
    expect(refusal(`{"events":[${deep}],"events":[]}`).message).toBe('The body is nested deeper than 64 levels.')
  })

  test('of someone who denied consent is dropped', () => {
    expect(decode(batch({ consent: 'denied' }))).toMatchObject({
      events: [],
      dropped: [{ index: 0, reason: 'consent_denied' }],
    })
  })

  test('has an id in lower case, so that a retry in capitals is a duplicate', () => {
    expect(decode(batch({ events: [{ ...EVENT, id: ID.toUpperCase() }] })).events[0]?.id).toBe(ID)
  })

  test('reaches no prototype and holds no text that a database cannot', () => {
    const properties =
      '{ "__proto__": { "admin": true }, "a\\u0000": "\\ud800", "n": 1e999, "deep": { "__proto__": 1, "ok": [true] } }'
    const [event] = decode(batch().replace(/"at":(\d+)}]/, `"at":$1,"properties":${properties}}]`)).events
    expect(event?.properties).toEqual({ 'a\uFFFD': '\uFFFD', n: null, deep: { ok: [true] } })
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })
})

test('every event of a readable batch is in exactly one list, whatever it is', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.jsonValue(), fc.record({ id: fc.constant(ID), type: fc.string(), at: fc.jsonValue() }))),
      events => {
        const decoded = decode(batch({ events }))
        expect(decoded.events.length + decoded.quarantined.length + decoded.dropped.length).toBe(events.length)
      },
    ),
  )
})
