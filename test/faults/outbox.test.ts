import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { ADMIN_KEY, PERSON, wireEvent } from '../collector.ts'
import { receiver, verified, type Receiver } from '../outbox/receiver.ts'
import type { Plant } from './plant.ts'
import { serve, writeKeyOf, type CollectorProcess } from './process.ts'

const KILLS = 10

const folder = mkdtempSync(join(tmpdir(), 'leadlight-outbox-'))
const running = new Set<CollectorProcess>()
const receivers: Receiver[] = []
afterAll(async () => {
  for (const { child } of running) child.kill('SIGKILL')
  for (const crm of receivers) await crm.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Tally {
  /** Persons of whom a sign-up was acknowledged. */
  acknowledged: number
  transitions: number
  received: number
  /** Received more than once, under the same id. */
  repeated: number
  wrong: {
    /** Acknowledged, and no step of it was ever received. */
    untold: string[]
    /** Persons with more than one transition, or of whose transition more than one id was received. */
    doubled: string[]
    /** Received, but there is no transition. */
    invented: string[]
  }
}

/** People sign up, one after the other, while the collector is killed again and again and its receiver is moody. */
async function killed(name: string, kills: number, plants: Plant[] = []): Promise<Tally> {
  const file = join(folder, `${name}.db`)
  const crm = await receiver()
  receivers.push(crm)
  const env = { LEADLIGHT_WEBHOOK_ALLOW: '127.0.0.1' }
  const launch = () => {
    const launched = serve(file, { plants, env })
    running.add(launched)
    void launched.end.then(() => running.delete(launched))
    return launched
  }
  const acknowledged: string[] = []
  let secret = ''
  let people = 0

  const signUp = async (url: string) => {
    const email = `person-${people++}@example.com`
    const events = [wireEvent('identify', { properties: { traits: { email } } })]
    const batch = { v: 1, key: writeKeyOf(file), visitor: email, sent_at: Date.now(), events }
    const headers = { Origin: url, 'User-Agent': PERSON }
    const answer = await fetch(`${url}/e`, { method: 'POST', headers, body: JSON.stringify(batch) }).catch(() => null)
    if (answer?.status === 202) acknowledged.push(email)
  }

  let next = launch()
  for (let round = 0; round <= kills; round++) {
    const current = next
    const url = await current.ready
    if (round === 0) {
      const answer = await fetch(`${url}/v1/webhooks`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${ADMIN_KEY}` },
        body: JSON.stringify({ url: crm.url, events: ['lead.stage_changed'] }),
      })
      secret = ((await answer.json()) as { secret: string }).secret
      const stages = { subscriber: { known: 'email' } } // one step each
      await publish(url, { stages })
    }
    // Some answers come late, so that a kill finds messages that have arrived and are not settled.
    crm.answer(response => void setTimeout(() => response.writeHead(204).end(), Math.random() * 40))
    if (round === kills) {
      const database = new Database(file, { readonly: true })
      const waiting = database.prepare(`SELECT count(*) FROM deliveries WHERE state = 'waiting'`).pluck()
      await expect.poll(() => waiting.get()).toBe(0)
      database.close()
      current.child.kill('SIGTERM')
      await current.end
      break
    }
    next = launch() // loads meanwhile, and waits for the database
    const before = acknowledged.length
    const ending = expect
      .poll(() => acknowledged.length, { interval: 5 })
      .toBeGreaterThan(before)
      .then(() => sleep(Math.random() * 300))
      .finally(() => current.child.kill('SIGKILL'))
    const person = async () => {
      while (running.has(current)) await signUp(url)
    }
    await Promise.all([person(), person(), person()])
    await ending
  }
  return tally(file, acknowledged, crm, secret)
}

async function publish(url: string, changes: object): Promise<void> {
  const headers = { Authorization: `Bearer ${ADMIN_KEY}` }
  const model = (await (await fetch(`${url}/v1/models/1`, { headers })).json()) as { document: object }
  const body = JSON.stringify({ ...model.document, ...changes })
  const draft = (await (await fetch(`${url}/v1/models`, { method: 'POST', headers, body })).json()) as {
    version: number
  }
  const answer = await fetch(`${url}/v1/models/${draft.version}/publish`, { method: 'POST', headers, body: '{}' })
  expect(answer.status).toBe(200)
}

function tally(file: string, acknowledged: string[], crm: Receiver, secret: string): Tally {
  const database = new Database(file, { readonly: true })
  const steps = database
    .prepare(`SELECT p.email, count(*) AS steps FROM transitions t JOIN persons p ON p.id = t.person_id GROUP BY p.id`)
    .all() as { email: string; steps: number }[]
  database.close()
  const idsOf = new Map<string, Set<string>>()
  for (const delivery of crm.received) {
    const email = String(verified(delivery, secret).data['email'])
    idsOf.set(email, (idsOf.get(email) ?? new Set()).add(delivery.id))
  }
  const known = new Set(steps.map(({ email }) => email))
  return {
    acknowledged: acknowledged.length,
    transitions: steps.reduce((sum, person) => sum + person.steps, 0),
    received: crm.received.length,
    repeated: crm.received.length - new Set(crm.received.map(({ id }) => id)).size,
    wrong: {
      untold: [...new Set([...acknowledged, ...known])].filter(email => !idsOf.has(email)),
      doubled: steps
        .filter(({ email, steps: n }) => n !== 1 || (idsOf.get(email)?.size ?? 0) > 1)
        .map(({ email }) => email),
      invented: [...idsOf.keys()].filter(email => !known.has(email)),
    },
  }
}

test(`${KILLS} kills while messages go out: each transition is told, under one id, and nothing else is`, async () => {
  const { wrong, acknowledged, transitions, received, repeated } = await killed('healthy', KILLS)
  process.stdout.write(
    `${KILLS} kills: ${acknowledged} acknowledged, ${transitions} transitions, ${received} received, ${repeated} of them again\n`,
  )
  expect(acknowledged).toBeGreaterThan(KILLS)
  expect(wrong).toEqual({ untold: [], doubled: [], invented: [] })
})

const SENDS = {
  module: 'collector/outbox/outbox',
  find: 'answer = await send(parcel(webhook, id, body, at)',
}

test('planted: settled before it is sent, messages are lost, and this test finds it', async () => {
  const hasty = `settled.push({ place, attempt: { at, status: 200, error: null, took: 0 }, nextAt: null, lane });
    settle();
    await new Promise(wait => setTimeout(wait, 50));
    ${SENDS.find}`
  const { wrong } = await killed('hasty', 2, [{ ...SENDS, replace: hasty }])
  expect(wrong.untold.length).toBeGreaterThan(0)
})

test('planted: each attempt has an id of its own, and this test finds it', async () => {
  const replace = "answer = await send(parcel(webhook, 'msg_' + crypto.randomUUID(), body, at)"
  const { wrong } = await killed('forgetful', 2, [{ ...SENDS, replace }])
  expect(wrong.doubled.length).toBeGreaterThan(0)
  expect(wrong.untold).toEqual([])
})
