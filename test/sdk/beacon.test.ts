// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createBeacon } from '../../sdk/beacon.ts'

const KIB = 1024
let answers: ((response: Response) => void)[] = []
const fetched = vi.fn<(url: string, init: RequestInit) => Promise<Response>>()
const beaconed = vi.fn<(url: string, body: string) => boolean>()

/** What this browser's `Request` knows of. */
const requestWith = (properties: object) =>
  vi.stubGlobal(
    'Request',
    Object.assign(() => {}, { prototype: properties }),
  )

beforeEach(() => {
  answers = []
  fetched.mockReset().mockImplementation(() => new Promise(resolve => answers.push(resolve)))
  beaconed.mockReset().mockReturnValue(true)
  Object.assign(window, { fetch: fetched })
  Object.assign(navigator, { sendBeacon: beaconed })
  requestWith({ keepalive: true })
})
afterEach(() => {
  setHidden(false)
  vi.unstubAllGlobals()
})

const setHidden = (hidden: boolean) => Object.defineProperty(document, 'hidden', { value: hidden, configurable: true })
const keepalives = () => fetched.mock.calls.map(([, init]) => init.keepalive)

test('a bare string, without headers or credentials, that outlives the page', () => {
  void createBeacon('https://c.example/e')('{}')
  expect(fetched.mock.calls).toEqual([
    ['https://c.example/e', { method: 'POST', body: '{}', keepalive: true, credentials: 'omit' }],
  ])
  expect(beaconed).not.toHaveBeenCalled()
})

test('at most 56 KiB outlive the page; what is more goes without, or waits when the page is hidden', async () => {
  const beacon = createBeacon('/e')
  const first = beacon('x'.repeat(50 * KIB))
  void beacon('x'.repeat(6 * KIB))
  void beacon('x')
  expect(keepalives()).toEqual([true, true, false])
  setHidden(true)
  expect(await beacon('x')).toBeUndefined()
  expect(fetched).toHaveBeenCalledTimes(3)
  answers[0]!(new Response())
  expect(await first).toBeInstanceOf(Response)
  void beacon('x')
  expect(keepalives()).toEqual([true, true, false, true])
})

test('bytes are counted, not characters', () => {
  void createBeacon('/e')('ø'.repeat(29 * KIB))
  expect(keepalives()).toEqual([false])
})

test.for([
  ['is refused by the network', () => Promise.reject(new TypeError('Failed to fetch'))],
  [
    'was patched and throws',
    () => {
      throw new Error('patched')
    },
  ],
  ['was patched and answers nothing', () => undefined as never],
] as const)('a fetch that %s is no answer, and counts no bytes', async ([, fails]) => {
  const beacon = createBeacon('/e')
  fetched.mockImplementationOnce(fails)
  expect(await beacon('x'.repeat(50 * KIB))).toBeUndefined()
  void beacon('x'.repeat(50 * KIB))
  expect(keepalives().at(-1)).toBe(true)
})

test('where a fetch dies with the page, sendBeacon stands in when it is left, and the batch is kept', async () => {
  requestWith({})
  const beacon = createBeacon('/e')
  void beacon('{}')
  setHidden(true)
  expect(await beacon('{}')).toBeUndefined()
  expect(beaconed.mock.calls).toEqual([['/e', '{}']])
  expect(fetched).toHaveBeenCalledTimes(1)
})

test('what a page makes of fetch later is none of ours', () => {
  const beacon = createBeacon('/e')
  const patched = vi.fn()
  Object.assign(window, { fetch: patched })
  void beacon('{}')
  expect(patched).not.toHaveBeenCalled()
  expect(fetched).toHaveBeenCalledTimes(1)
})
