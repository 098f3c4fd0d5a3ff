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

const MiB = 1024 * 1024

/** A disk that finishes a write when it is told to. */
function slowDisk(gather?: () => Promise<void>) {
  const writes: { visitors: string[]; finish: (outcomes?: Outcome[]) => void; fail: (error: Error) => void }[] = []
  const told: string[] = []
  const disk = { works: true }
  const group = groupCommit({
    write(arrivals) {
      const { promise, resolve, reject } = Promise.withResolvers<Outcome[]>()
      const kept = arrivals.map(({ events }) => ({ receipt: { stored: events.length, duplicate: 0, quarantined: 0 } }))
      const visitors = arrivals.map(({ visitor }) => visitor)
      writes.push({ visitors, finish: (outcomes = kept) => resolve(outcomes), fail: reject })
      return promise
    },
    probe: async () => {
      if (!disk.works) throw new Error('disk full')
    },
    onChange: failing => told.push(failing?.message ?? 'works'),
    ...(gather && { gather }),
    onFault: fault => told.push(`fault: ${fault}`),
  })
  const commit = (from: Arrival, bytes = 100) => group.commit(from, bytes)
  /** Until nothing is left to write. */
  async function finishAll() {
    for (let done = 0; done < writes.length; done++) {
      writes[done]?.finish()
      await settled()
    }
  }
  return { ...group, commit, writes, told, disk, finishAll }
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

test('a crowd waits for whoever follows; a few, or who sends alone, wait for nobody', async () => {
  let gathered = 0
  const open = Promise.withResolvers<void>()
  const { writes, commit, finishAll } = slowDisk(() => {
    gathered++
    return open.promise
  })
  const send = (visitors: string[]) => visitors.map(visitor => commit(arrival(visitor)))
  const few = Array.from({ length: 15 }, (_, n) => `few ${n}`)
  const crowd = Array.from({ length: 16 }, (_, n) => `crowd ${n}`)
  const all = send(['ada', ...few])
  writes[0]?.finish()
  await settled()
  expect(writes[1]?.visitors).toEqual(few)
  all.push(...send(crowd))
  writes[1]?.finish()
  await settled()
  expect(writes[2]?.visitors).toEqual(crowd)
  expect(gathered).toBe(0)
  all.push(...send(['dan']))
  writes[2]?.finish()
  await settled()
  expect(writes).toHaveLength(3)
  all.push(...send(['eve']))
  open.resolve()
  await settled()
  expect(writes[3]?.visitors).toEqual(['dan', 'eve'])
  await finishAll()
  await Promise.all(all)
  expect(gathered).toBe(1)
  void commit(arrival('gil'))
  expect(writes.at(-1)?.visitors).toEqual(['gil'])
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

test('an arrival without an outcome is refused, never acknowledged', async () => {
  const { writes, commit } = slowDisk()
  const answer = commit(arrival('ada'))
  writes[0]?.finish([])
  await expect(answer).rejects.toMatchObject({ code: 'overloaded' })
})

test('what hit a bug and went to quarantine is acknowledged, and told', async () => {
  const { writes, commit, told } = slowDisk()
  const answer = commit(arrival('ada'))
  writes[0]?.finish([{ receipt: { stored: 0, duplicate: 0, quarantined: 1 }, fault: 'TypeError' }])
  await expect(answer).resolves.toMatchObject({ quarantined: 1 })
  expect(told).toEqual(['fault: TypeError'])
})

test('too many events waiting are refused before memory grows, and a large group is split', async () => {
  const { writes, commit, finishAll } = slowDisk()
  const answers = Array.from({ length: 100 }, (_, i) => commit(arrival(`v${i}`, 500)))
  await expect(commit(arrival('late', 500))).rejects.toMatchObject({ code: 'overloaded' })
  await finishAll()
  await Promise.all(answers)
  expect(Math.max(...writes.map(write => write.visitors.length))).toBe(4)
})

test('too many bytes waiting are refused too, however few the events, and a large group is split by them', async () => {
  const { writes, commit, state, finishAll } = slowDisk()
  const answers: Promise<unknown>[] = []
  while (state().bytes < 31 * MiB) answers.push(commit(arrival('ada'), MiB / 2))
  await expect(commit(arrival('late'), MiB)).rejects.toMatchObject({ code: 'overloaded' })
  expect(state().requests).toBe(answers.length)
  await finishAll()
  await Promise.all(answers)
  expect(Math.max(...writes.map(write => write.visitors.length))).toBe(7)
  expect(state()).toEqual({ requests: 0, events: 0, bytes: 0, failing: null })
})

test('tiny requests are not free: what each holds besides its body counts', async () => {
  const { commit, state, finishAll } = slowDisk()
  const answers: Promise<unknown>[] = []
  let refused = 0
  for (let i = 0; i < 20_000; i++) {
    answers.push(
      commit(arrival('ada'), 50).catch(() => {
        refused++
      }),
    )
  }
  expect(state().requests).toBeLessThan(10_000)
  await finishAll()
  await Promise.all(answers)
  expect(refused).toBeGreaterThan(10_000)
})

test('a failing disk is told once, tried again, and told once when it works', async () => {
  const { writes, commit, told, disk, retry, state } = slowDisk()
  disk.works = false
  for (let i = 0; i < 3; i++) {
    const lost = commit(arrival('ada'))
    writes[i]?.fail(new Error('disk full'))
    await expect(lost).rejects.toMatchObject({ code: 'overloaded' })
  }
  await retry()
  expect(state().failing?.message).toBe('disk full')
  disk.works = true
  await retry()
  expect(state().failing).toBeNull()
  expect(told).toEqual(['disk full', 'works'])
})
