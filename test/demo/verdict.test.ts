import { expect, test } from 'vitest'
import type { Batch, BatchResult } from '../../shared/batch.ts'
import type { Mark, Provenance } from '../../shared/event.ts'

type Verdict = { verdict: string; reason?: string }
const module = new URL('../../collector/demo/public/panel/verdict.js', import.meta.url).href
const {
  ofBatch,
  ofStored,
}: {
  ofBatch: (
    batch: Batch,
    result: BatchResult | { status: number; detail?: string },
    known: ReadonlySet<string>,
  ) => Map<string, Verdict>
  ofStored: (event: { provenance: Provenance; mark: Mark | null }) => Verdict
} = await import(module)

const batch: Batch = {
  v: 1,
  key: 'wk_1',
  visitor: 'v',
  sent_at: 0,
  events: ['a', 'b'].map(id => ({ id, type: 'page_view', at: 0 })),
}
const result = (change: Partial<BatchResult>): BatchResult => ({
  accepted: 2,
  duplicate: 0,
  quarantined: 0,
  dropped: [],
  ...change,
})

for (const [name, answer, known, verdicts] of [
  ['stored events are accepted', result({}), [], ['accepted', 'accepted']],
  [
    'dropped events are refused, by their place',
    result({ accepted: 1, dropped: [{ index: 1, reason: 'event_too_large' }] }),
    [],
    ['accepted', 'refused'],
  ],
  [
    'nothing is a duplicate when nothing was kept',
    result({ accepted: 0, dropped: [0, 1].map(index => ({ index, reason: 'consent_denied' as const })) }),
    [],
    ['refused', 'refused'],
  ],
  ['a known id is a duplicate', result({ duplicate: 1 }), ['b'], ['accepted', 'duplicate']],
  ['a known id alone is not: it may have been seen before its answer', result({}), ['b'], ['accepted', 'accepted']],
  ['all of them are, when the count says so', result({ duplicate: 2 }), [], ['duplicate', 'duplicate']],
  ['and so with quarantine', result({ quarantined: 2 }), [], ['quarantined', 'quarantined']],
] as const)
  test(name, () => {
    expect([...ofBatch(batch, answer, new Set(known)).values()].map(({ verdict }) => verdict)).toEqual(verdicts)
  })

test('a refused batch says why, of every event', () => {
  const reasons = (answer: { status: number; detail?: string }) =>
    [...ofBatch(batch, answer, new Set()).values()].map(({ verdict, reason }) => `${verdict}: ${reason}`)
  expect(reasons({ status: 401, detail: 'No site has this key.' })).toEqual([
    'refused: No site has this key.',
    'refused: No site has this key.',
  ])
  expect(reasons({ status: 413 })).toEqual(['refused: answered with 413', 'refused: answered with 413'])
})

test('a weak event says why it is worth nothing', () => {
  expect(ofStored({ provenance: 'weak', mark: 'bot' })).toEqual({
    verdict: 'weak',
    reason: expect.stringContaining('worth nothing'),
  })
  expect(ofStored({ provenance: 'browser', mark: null })).toEqual({ verdict: 'accepted' })
})
