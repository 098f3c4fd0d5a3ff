import type { Surface } from './frame.ts'
import { html, type Html, type Piece } from './html.ts'
import { openPage } from './page.ts'

/** JSON Schema. */
type Schema = Record<string, unknown>

/** What the reference says of one thing that may be asked. */
export interface Operation {
  method: string
  path: string
  needs: string
  summary: string | null
  query: Record<string, Schema>
  body: Schema | null
  answer: Schema | null
  status: number
  media: string
}

/** The reference of the API: a chapter for each noun. */
export function referencePage(surface: Surface, chapters: Record<string, readonly Operation[]>): Html {
  const names = Object.keys(chapters)
  return openPage(surface, {
    title: 'API',
    main: html`
      <h1>API</h1>
      <p>
        Times are RFC 3339 in UTC; lists go on with <code>paging.next.after</code>; what is refused is told as
        <code>application/problem+json</code> (RFC 9457), with every wrong place at once. The same as
        <a href="/openapi.json">OpenAPI 3.1</a>.
      </p>
      <nav aria-label="Chapters">
        <ul class="chapters">
          ${names.map(name => html`<li><a href="#${name}">${name}</a></li>`)}
        </ul>
      </nav>
      ${names.map(name => chapter(name, chapters[name] ?? []))}
    `,
  })
}

const chapter = (name: string, operations: readonly Operation[]): Html =>
  html`<section aria-labelledby="${name}">
    <h2 id="${name}">${name}</h2>
    ${operations.map(operation)}
  </section>`

function operation({ method, path, needs, summary, query, body, answer, status, media }: Operation): Html {
  const parameters = Object.entries(query)
  return html`
    <article class="card operation">
      <h3><code>${method.toUpperCase()} ${path}</code></h3>
      <p>${summary}</p>
      <p class="soft">
        ${needs === 'nothing' ? 'Needs no key.' : `Needs: ${NEEDS[needs] ?? `a secret key of scope ${needs}`}.`}
      </p>
      ${
        parameters.length > 0 &&
        html`<table>
          <caption>
            Query
          </caption>
          <tbody>
            ${parameters.map(
              ([name, schema]) =>
                html`<tr>
                  <th scope="row"><code>${name}</code></th>
                  <td><code>${written(schema)}</code></td>
                </tr>`,
            )}
          </tbody>
        </table>`
      }
      ${shape('Takes', body)}
      ${answer ? shape(`Answers ${status}`, answer) : html`<p>Answers ${status} <code>${media}</code></p>`}
    </article>
  `
}

const NEEDS: Record<string, string> = {
  'write key': 'the public write key of the site, or a secret key of scope ingest',
}

const shape = (title: string, schema: Schema | null): Piece =>
  schema &&
  html`<details>
    <summary>${title}</summary>
    <pre tabindex="0">${written(schema)}</pre>
  </details>`

/** A schema as a type is written: `{ id: string, score: number | null }`. */
export function written(schema: Schema, indent = ''): string {
  const { type, enum: choices, const: only, anyOf, oneOf, items, properties, required = [], format } = schema
  if (Array.isArray(choices)) return choices.map(choice => JSON.stringify(choice)).join(' | ')
  if (only !== undefined) return JSON.stringify(only)
  const either = anyOf ?? oneOf
  if (Array.isArray(either)) return either.map(option => written(option as Schema, indent)).join(' | ')
  if (type === 'array') return `${written((items ?? {}) as Schema, indent)}[]`
  if (properties && typeof properties === 'object') {
    const inner = `${indent}  `
    const lines = Object.entries(properties).map(([name, part]) => {
      const mark = (required as string[]).includes(name) ? '' : '?'
      return `${inner}${name}${mark}: ${written(part as Schema, inner)}`
    })
    return `{\n${lines.join(',\n')}\n${indent}}`
  }
  if (type === 'object')
    return typeof schema['description'] === 'string' ? `object (${schema['description']})` : 'object'
  const { minimum, maximum } = schema
  const range = typeof minimum === 'number' && typeof maximum === 'number' ? ` from ${minimum} to ${maximum}` : ''
  return `${typeof type === 'string' ? type : 'any'}${range}${typeof format === 'string' ? ` (${format})` : ''}`
}
