import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Instant } from '../../shared/instant.ts'
import { referencePage } from '../dashboard/reference.ts'
import { anyone } from './access.ts'
import { nounOf, openApi } from './openapi.ts'
import { surfaceOf } from './pages/frame.ts'
import { show } from './pages/page.ts'
import { route, type Route } from './route.ts'

interface DocsParts {
  publicUrl: string | null
  clock: () => Instant
}

/** `/openapi.json` and `/docs`: what may be asked, said by the table of routes itself. */
export function docs(table: () => readonly Route[], { publicUrl, clock }: DocsParts): Route[] {
  return [
    route({
      method: 'get',
      path: '/openapi.json',
      access: anyone,
      summary: 'This document: OpenAPI 3.1',
      answer: null,
      run: ({ c }) => {
        const url = publicUrl ?? new URL(c.req.url).origin
        return c.json(openApi(table(), { version: version(), url }), 200, { 'Access-Control-Allow-Origin': '*' })
      },
    }),
    route({
      method: 'get',
      path: '/docs',
      access: anyone,
      summary: 'The same to read',
      answer: null,
      media: 'text/html',
      query: 'any',
      run: ({ c }) => show(c, referencePage(surfaceOf(c, clock()), chapters(table()))),
    }),
  ]
}

/** By noun, leads first. */
function chapters(table: readonly Route[]): Record<string, Route[]> {
  const shown = table.filter(({ summary }) => summary !== null)
  return Object.fromEntries(
    ['leads', 'reports', ...new Set(shown.map(nounOf))].map(noun => [noun, shown.filter(one => nounOf(one) === noun)]),
  )
}

function version(): string {
  const path = createRequire(import.meta.url).resolve('leadlight/package.json')
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}
