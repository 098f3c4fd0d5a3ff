import { Hono } from 'hono'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { anyone } from '../../collector/http/access.ts'
import type { Auth } from '../../collector/http/auth.ts'
import { number, object, optional, text } from '../../collector/http/json.ts'
import { problem } from '../../collector/http/problem.ts'
import { instant, oneOf, someOf, wholeNumber } from '../../collector/http/query.ts'
import { route, type Route } from '../../collector/http/route.ts'
import { serve } from '../../collector/http/routes.ts'

const nobody = {} as Auth
const hello = { method: 'get', path: '/hello', summary: 'Greets', answer: v.string() } as const

/** What a route answers: the status, and the wrong places of a refusal. */
async function answerOf(declared: Route, request: string, body?: unknown) {
  const app = new Hono()
  app.onError(error => problem(error, () => {}))
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  const answer = await serve(app, [declared], nobody).request(request, init)
  const said = (await answer.json()) as { errors?: { pointer: string; detail: string }[] }
  return { status: answer.status, wrong: said.errors?.map(({ pointer, detail }) => `${pointer} ${detail}`), said }
}

describe('a route', () => {
  test('that does not say who may ask does not compile', () => {
    // @ts-expect-error: access is missing
    expect(() => route({ ...hello, run: () => 'hello' })).toThrow(TypeError)
    // @ts-expect-error: an answer of another shape than is declared
    route({ ...hello, access: anyone, run: () => 42 })
    expect(route({ ...hello, access: anyone, run: () => 'hello' })).toMatchObject({ needs: 'nothing' })
  })

  test('that is not declared at all keeps the collector from starting', () => {
    const app = new Hono().get('/back-door', c => c.text('hello'))
    expect(() => serve(app, [], nobody)).toThrow('GET /back-door says nowhere who may ask it')
  })
})

test('everything that is wrong with a query is said at once, with the nearest right name', async () => {
  const query = {
    stage: someOf(['lead', 'mql']),
    limit: wholeNumber(1, 500),
    since: instant,
    sort: oneOf(['score', '-score']),
  }
  const asked = route({ ...hello, access: anyone, query, answer: v.any(), run: call => call.query })
  expect(await answerOf(asked, '/hello?stgae=mql&stage=mql,vip&limit=0&since=soon&sort=size')).toMatchObject({
    status: 400,
    wrong: [
      '/stgae is unknown; did you mean stage? Known: stage, limit, since, sort',
      '/stage must be one of lead, mql, or several with commas between',
      '/limit must be a whole number from 1 to 500',
      '/since must be an instant in RFC 3339, like 2026-11-22T12:00:00Z',
      '/sort must be one of score, -score',
    ],
  })
  const right = await answerOf(asked, '/hello?stage=mql,lead&limit=5&since=2026-11-22T12:00:00Z')
  expect(right.said).toEqual({ stage: ['mql', 'lead'], limit: 5, since: Date.parse('2026-11-22T12:00:00Z') })
  expect(asked.query).toEqual({
    stage: { type: 'array', items: { enum: ['lead', 'mql'] } },
    limit: { type: 'integer', minimum: 1, maximum: 500 },
    since: { type: 'string', format: 'date-time' },
    sort: { enum: ['score', '-score'] },
  })
})

test('everything that is wrong with a body is said at once, to the place', async () => {
  const body = object({
    name: text(10),
    score: number(0, 100),
    note: optional(text(5)),
    parts: optional(v.array(v.strictObject({ count: v.number() }))),
  })
  const asked = route({ ...hello, method: 'post', access: anyone, body, answer: v.any(), run: call => call.body })
  expect(
    await answerOf(asked, '/hello', { nmae: 'Ada', score: 101, parts: [{ count: 1 }, { size: '2' }] }),
  ).toMatchObject({
    status: 422,
    wrong: [
      '/nmae is unknown; did you mean name? Known: name, score, note, parts',
      '/score must be a number from 0 to 100',
      '/parts/1/count is missing',
      '/parts/1/size is unknown',
      '/name must be a text of 1 to 10 characters',
    ],
  })
  expect(await answerOf(asked, '/hello', [])).toMatchObject({ status: 400, wrong: [' must be a JSON object'] })
  expect((await answerOf(asked, '/hello', { name: 'Ada', score: 1, note: null })).said).toEqual({
    name: 'Ada',
    score: 1,
    note: null,
  })
})
