import { BlockList } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createGuard } from '../../collector/outbox/guard.ts'
import { isPublic } from '../../collector/outbox/public-address.ts'
import { resolveWith, type Resolve } from '../../collector/outbox/resolve.ts'
import { testCollector } from '../collector.ts'
import { tell } from '../http/tell.ts'
import { canary, type Canary } from './canary.ts'
import { desk, signsUp, type Desk, type DeskOptions } from './desk.ts'
import { nameServer } from './name-server.ts'
import { receiver } from './receiver.ts'
import { HOSTS, targets } from './spellings.ts'

let bird: Canary
const offices: Desk[] = []
beforeEach(async () => void (bird = await canary()))
afterEach(async () => {
  for (const office of offices.splice(0)) await office.close()
  await bird.close()
})

const open = async (options: DeskOptions): Promise<Desk> => {
  const office = await desk(options)
  offices.push(office)
  return office
}

const EVERYWHERE: DeskOptions['allow'] = [
  ['0.0.0.0', 0, 'ipv4'],
  ['::', 0, 'ipv6'],
]
const LIMIT = 5_000

/** Nobody who asks: names here are those that need no asking. */
const noNames: Resolve = host => (/localhost$/i.test(host) ? resolveWith()(host) : Promise.reject(new Error('unknown')))

/** Puts webhooks into the store as though they had been saved before, then tests and delivers to all of them. */
async function sendTo(office: Desk, urls: string[]): Promise<void> {
  const webhooks = []
  for (const url of urls) webhooks.push(await office.subscribe(url, { events: ['lead.created'] }))
  const testing = Promise.all(webhooks.map((webhook, i) => office.outbox.test(webhook, `msg_${i}`)))
  await office.happens('ada', signsUp('ada@example.com'))
  await office.settled()
  const attempts = await testing
  const { results } = office
  expect([attempts.length, results.length]).toEqual([urls.length, urls.length])
}

/** Those that may be the loopback: only there does the canary sit. */
const LOOPBACK = /127|2130706433|7f|①|[/.]localhost/i

/** Those that are URLs at all, by https: what is sent to others goes by nothing else. */
const reachable = (urls: string[]) => urls.filter(url => URL.parse(url)?.protocol === 'https:')

describe('private addresses, in every spelling', () => {
  test('are more than 200', () => expect(HOSTS.length).toBeGreaterThan(200))

  test('cannot be saved', async () => {
    const { guard } = await open({ allow: [], resolve: noNames })
    const saved: string[] = []
    for (const url of targets(bird.port)) {
      await guard.admit(url).then(
        () => saved.push(url),
        (error: unknown) => expect(error).toMatchObject({ code: 'unprocessable', errors: [{ pointer: '/url' }] }),
      )
    }
    expect(saved).toEqual([])
    expect([bird.connections, bird.bytes]).toEqual([0, 0])
  })

  test('are sent nothing, neither by a test nor by a delivery, however they were saved', async () => {
    const office = await open({ allow: [], resolve: noNames, timeLimit: LIMIT })
    const urls = reachable(targets(bird.port)).filter((url, i) => LOOPBACK.test(url) || i % 3 === 0)
    expect(urls.length).toBeGreaterThan(200)
    await sendTo(office, urls)
    expect(new Set(office.results)).toEqual(new Set(['failed']))
    expect([bird.connections, bird.bytes]).toEqual([0, 0])
  })

  test('planted: without the guard the canary hears from many of them', async () => {
    const office = await open({ allow: EVERYWHERE, resolve: noNames, timeLimit: LIMIT })
    await sendTo(
      office,
      reachable(targets(bird.port)).filter(url => LOOPBACK.test(url)),
    )
    expect(bird.connections).toBeGreaterThan(50)
    expect(bird.bytes).toBeGreaterThan(10_000)
  })

  test('are refused by the API in words, and public ones are taken', async () => {
    const collector = await testCollector()
    const save = (url: string) => tell(collector, '/v1/webhooks', { url })
    expect(await save(`http://0x7f.1:${bird.port}/`)).toMatchObject({
      status: 422,
      body: {
        errors: [{ pointer: '/url', detail: expect.stringContaining('must be a public https address') as string }],
      },
    })
    expect((await save('http://93.184.216.34/')).status, 'http').toBe(422)
    expect((await save('https://user:secret@93.184.216.34/')).status, 'with a password').toBe(422)
    expect((await save('https://93.184.216.34/hook')).status).toBe(201)
    expect((await save('https://hooks.nobody.example/hook')).status, 'a name that nobody knows yet').toBe(201)
    expect(bird.connections).toBe(0)
    await collector.close()
  })
})

describe('names that mean something else each time they are asked for', () => {
  const PUBLIC = '93.184.216.34'
  const INSIDE = ['127.0.0.1', '::1', '::ffff:127.0.0.1', '::127.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::', '0.0.0.0']

  test.each(INSIDE)('public when it is saved, %s when it is used: nothing is sent', async inside => {
    const names = await nameServer((_, before) => [before === 0 ? PUBLIC : inside])
    const office = await open({ allow: [], resolve: resolveWith(names.resolver), timeLimit: LIMIT })
    const url = `https://rebind.example:${bird.port}/`
    expect(await office.guard.admit(url)).toBe(url)
    const webhook = await office.subscribe(url)
    expect(await office.outbox.test(webhook, 'msg_test')).toMatchObject({
      status: null,
      error: 'the address is not public',
    })
    await office.happens('ada', signsUp('ada@example.com'))
    await office.settled()
    expect((await office.deliveries(webhook)).map(({ attempts }) => attempts[0]?.error)).toEqual([
      'the address is not public',
      'the address is not public',
    ])
    expect([bird.connections, bird.bytes]).toEqual([0, 0])
    await names.close()
  })

  test.each(INSIDE)('%s when it is saved: it is not', async inside => {
    const names = await nameServer(() => [inside])
    const { guard } = await open({ allow: [], resolve: resolveWith(names.resolver) })
    await expect(guard.admit(`https://inside.example:${bird.port}/`)).rejects.toMatchObject({ code: 'unprocessable' })
    await names.close()
  })

  test('each connection asks once, and connects to what was answered', async () => {
    // 127.0.0.2 stands for what may be reached; a second question would be answered with the canary's address.
    const names = await nameServer((_, before) => [before === 0 ? '127.0.0.2' : '127.0.0.1'])
    const office = await open({
      allow: [['127.0.0.2', 32, 'ipv4']],
      resolve: resolveWith(names.resolver),
      timeLimit: LIMIT,
    })
    const webhook = await office.subscribe(`http://once.example:1/`)
    expect(await office.outbox.test(webhook, 'msg_test')).toMatchObject({ error: 'connection refused' })
    expect([...names.asked]).toEqual(expect.arrayContaining([['once.example/1', 1]]))
    await names.close()
  })

  test('of several answers only those that may be reached are', async () => {
    const guard = createGuard(async () => ['127.0.0.1', PUBLIC, '::1', '10.0.0.1'], new BlockList())
    expect(await guard.addresses(new URL('https://mixed.example/'))).toEqual([PUBLIC])
  })

  test('planted: a guard that asks, and lets the socket ask again, is deceived', async () => {
    const names = await nameServer((_, before) => [before < 1 ? PUBLIC : '127.0.0.1'])
    const office = await open({ allow: EVERYWHERE, resolve: resolveWith(names.resolver), timeLimit: LIMIT })
    const url = `http://rebind.example:${bird.port}/`
    await office.guard.admit(url)
    await office.outbox.test(await office.subscribe(url), 'msg_test')
    expect(bird.bytes).toBeGreaterThan(0)
    await names.close()
  })
})

describe('redirects', () => {
  test.each([301, 302, 303, 307, 308])('%d to the inside is not followed', async status => {
    const crm = await receiver()
    crm.answer(response => response.writeHead(status, { Location: `http://127.0.0.1:${bird.port}/` }).end())
    const office = await open({ timeLimit: LIMIT })
    await sendTo(office, [crm.url])
    expect(crm.received).toHaveLength(2)
    expect(office.results).toEqual(['failed'])
    expect([bird.connections, bird.bytes]).toEqual([0, 0])
    await crm.close()
  })
})

test.each([
  ['93.184.216.34', true],
  ['1.1.1.1', true],
  ['100.63.255.255', true],
  ['172.32.0.1', true],
  ['192.169.0.1', true],
  ['223.255.255.255', true],
  ['2606:4700:4700::1111', true],
  ['2a00:1450:4001::1', true],
  ['2001:200::1', true],
  ['fe80::1%eth0', false],
  ['2606:4700::1%eth0', false],
  ['', false],
  ['localhost', false],
])('isPublic(%j) is %s', (address, expected) => expect(isPublic(address)).toBe(expected))
