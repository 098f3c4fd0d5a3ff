import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testCollector, type TestCollector } from '../collector.ts'
import { table } from './table.ts'

let collector: TestCollector
beforeAll(async () => {
  collector = await testCollector()
})
afterAll(() => collector.close())

interface Document {
  openapi: string
  paths: Record<
    string,
    Record<string, { operationId: string; security?: object[]; responses: object; requestBody?: object }>
  >
  components: { schemas: Record<string, object> }
}
const read = async (): Promise<Document & Record<string, unknown>> =>
  (await (await fetch(`${collector.url}/openapi.json`)).json()) as Document & Record<string, unknown>

test('/openapi.json is OpenAPI 3.1 by the schema of the specification itself', async () => {
  const document = await read()
  const validator = new Validator()
  expect(await validator.validate(document)).toMatchObject({ valid: true })
  expect(validator.version).toBe('3.1')
  const broken = structuredClone(document)
  Object.assign(broken.paths['/v1/leads']!['get']!, { parameters: [{ nme: 'stage' }] })
  expect(await new Validator().validate(broken)).toMatchObject({ valid: false })
})

test('and every reference in it leads somewhere', async () => {
  const document = await read()
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, target = '']) => target)
  expect(references.length).toBeGreaterThan(10)
  for (const target of new Set(references)) {
    expect(target).toMatch(/^#\/components\/schemas\//)
    expect(Object.keys(document.components.schemas)).toContain(target.split('/').at(-1))
  }
})

test('it has every route that is not a page, each with a name of its own, who may ask, and what is answered', async () => {
  const { paths } = await read()
  const known = table().filter(({ summary }) => summary !== null)
  const operations = Object.values(paths).flatMap(path => Object.values(path))
  expect(operations).toHaveLength(known.length)
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(known.length)
  const isForPeople = ({ path, needs }: (typeof known)[number]) => needs === 'session' || !/^\/(v1|e$)/.test(path)
  for (const { path, method, needs } of known.filter(route => !isForPeople(route))) {
    const operation = paths[path.replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}')]?.[method]
    expect(operation, path).toBeDefined()
    expect(operation?.security !== undefined).toBe(needs !== 'write key' && needs !== 'nothing')
  }
})

test('/docs shows it, with nothing from elsewhere', async () => {
  const answer = await fetch(`${collector.url}/docs`)
  const page = await answer.text()
  expect([answer.status, answer.headers.get('Content-Type')]).toEqual([200, 'text/html; charset=utf-8'])
  expect(answer.headers.get('Content-Security-Policy')).toContain("default-src 'none'")
  for (const { summary, method, path } of table().filter(route => route.summary !== null)) {
    expect(page).toContain(`${method.toUpperCase()} ${path}`)
    expect(summary).not.toBe('')
  }
  expect([...page.matchAll(/(?:src|href)="(?!\/|#)([^"]*)"/g)].map(([, address]) => address)).toEqual([])
  expect(page).not.toMatch(/<script(?![^>]*src=)|style="|onclick=/)
})
