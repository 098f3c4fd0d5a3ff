import { expect, test } from 'vitest'
import { groupCommit, type Outcome } from '../../collector/ingest/group.ts'
import type { Arrival } from '../../collector/store/store.ts'

const arrival = (visitor: string, events = 1): Arrival => ({
  site: 1,
  visitor,
  receivedAt: 0,
  events: Array.from({ length: events }, () => ({}) as Arrival['events'][number]),
  quarantined: [],
})

/** A disk that finishes a write when it is told to. */
function slowDisk() {
  const writes: { visitors: string[]; finish: (outcomes?: Outcome[]) => void; fail: (error: Error) => void }[] = []
  const commit = groupCommit(arrivals => {
    const { promise, resolve, reject } = Promise.withResolvers<Outcome[]>()
    const kept = arrivals.map(({ events }) => ({ receipt: { stored: events.length, duplicate: 0, quarantined: 0 } }))
    const visitors = arrivals.map(({ visitor }) => visitor)
    writes.push({ visitors, finish: (outcomes = kept) => resolve(outcomes), fail: reject })
    return promise
  })
  return { writes, commit }
}

const settled = () => new Promise(resolve => setImmediate(resolve))

test('whatever arrives during a write shares the next one', async () => {
  const { writes, commit } = slowDisk()
  const answers = ['ada', 'bob', 'cy'].map(visitor => commit(arrival(visitor)))
  expect(writes.map(write => write.visitors)).toEqual([['ada']])
  writes[0]?.finish()
  await settled()
  expect(writes.map(write => write.visitors)).toEqual([['ada'], ['bob', 'cy']])
  writes[1]?.finish()
  expect(await Promise.all(answers)).toEqual(Array(3).fill({ stored: 1, duplicate: 0, quarantined: 0 }))
})

test('nothing is answered before its write is done', async () => {
  const { writes, commit } = slowDisk()
  let answered = false
  const answer = commit(arrival('ada')).then(() => (answered = true))
  await settled()
  expect(answered).toBe(false)
  writes[0]?.finish()
  await answer
  expect(answered).toBe(true)
})

test('a failed write refuses what was in it, and the next one goes on', async () => {
  const { writes, commit } = slowDisk()
  const lost = commit(arrival('ada'))
  const next = commit(arrival('bob'))
  writes[0]?.fail(new Error('disk full'))
  await expect(lost).rejects.toMatchObject({ code: 'overloaded' })
  writes[1]?.finish()
  await expect(next).resolves.toMatchObject({ stored: 1 })
})

test('one failed arrival is its own and no other’s', async () => {
  const { writes, commit } = slowDisk()
  const first = commit(arrival('ada'))
  const [poisonous, good] = [commit(arrival('bob')), commit(arrival('cy'))]
  writes[0]?.finish()
  await first
  await settled()
  writes[1]?.finish([{ error: 'poison' }, { receipt: { stored: 1, duplicate: 0, quarantined: 0 } }])
  await expect(poisonous).rejects.toMatchObject({ code: 'overloaded' })
  await expect(good).resolves.toMatchObject({ stored: 1 })
})

test('too much waiting is refused before memory grows, and a large group is split', async () => {
  const { writes, commit } = slowDisk()
  const answers = Array.from({ length: 101 }, (_, i) => commit(arrival(`v${i}`, 500)))
  await expect(commit(arrival('late', 500))).rejects.toMatchObject({ code: 'overloaded' })
  for (let done = 0; done < writes.length; done++) {
    writes[done]?.finish()
    await settled()
  }
  await Promise.all(answers)
  expect(Math.max(...writes.map(write => write.visitors.length))).toBe(4)
})
