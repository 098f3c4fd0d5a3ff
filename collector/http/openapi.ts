import type { Route } from './route.ts'
import type { JsonSchema } from './schema.ts'

/** What the document says of the whole. */
export interface About {
  version: string
  /** Where it is served. */
  url: string
}

/** The OpenAPI 3.1 document of everything in the table that has a summary: what is checked is what is said. */
export function openApi(table: readonly Route[], { version, url }: About): JsonSchema {
  const components: Record<string, JsonSchema> = { Problem: PROBLEM }
  const paths: Record<string, Record<string, JsonSchema>> = {}
  for (const route of table) {
    if (route.summary === null) continue
    const path = (paths[pathOf(route)] ??= {})
    path[route.method] = operation(route, schema => hoisted(schema, components))
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Leadlight',
      version,
      description:
        'Who of the visitors becomes a buyer, and why. Times are RFC 3339 in UTC; lists go on with paging.next.after.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url }],
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description: 'A secret key: sk_…, of the scope that the operation names.',
        },
      },
    },
  }
}

/** `/v1/leads/:id` → `/v1/leads/{id}`. */
const pathOf = ({ path }: Route): string => path.replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}')

/** What a route is about: the first word of its path. */
export const nounOf = ({ path }: Pick<Route, 'path'>): string => /^\/v1\/([a-z]+)/.exec(path)?.[1] ?? 'collector'

function operation(route: Route, hoist: (schema: JsonSchema) => JsonSchema): JsonSchema {
  const { method, summary, needs, query, body, answer, status, media } = route
  const path = pathOf(route)
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const inQuery = Object.entries(query).map(([name, { description, example, ...schema }]) => ({
    name,
    in: 'query',
    ...(description !== undefined && { description }),
    ...(example !== undefined && { example }),
    schema: hoist(schema),
    ...(schema['type'] === 'array' && { style: 'form', explode: false }),
  }))
  const isSecret = needs !== 'nothing' && needs !== 'write key'
  return {
    operationId: [method, ...path.split(/[/{}.]+/).filter(word => word !== '' && word !== 'v1')].join('_'),
    summary,
    tags: [nounOf(route)],
    ...(isSecret && { security: [{ key: [] }], description: `Needs a key of scope \`${needs}\`.` }),
    ...(inPath.length + inQuery.length > 0 && { parameters: [...inPath, ...inQuery] }),
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: hoist(body) } } } }),
    responses: {
      [status]: {
        description: SAID[status],
        ...(status !== 204 && { content: { [media]: answer ? { schema: hoist(answer) } : {} } }),
      },
      default: {
        description: 'Why not: RFC 9457.',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

const SAID: Record<number, string> = { 200: 'Done.', 201: 'Made.', 202: 'Kept, on disk.', 204: 'Done; nothing to say.' }

const PROBLEM: JsonSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      description: 'Everything that is wrong, each with its place in the request.',
      items: {
        type: 'object',
        required: ['pointer', 'detail'],
        properties: { pointer: { type: 'string' }, detail: { type: 'string' } },
      },
    },
  },
}

/** A schema that names parts of its own (`$defs`) refers to them from the root of whatever it stands in: they go up there. */
function hoisted(schema: JsonSchema, components: Record<string, JsonSchema>): JsonSchema {
  const rename = (part: unknown, names: Record<string, string>): unknown => {
    if (Array.isArray(part)) return part.map(item => rename(item, names))
    if (part === null || typeof part !== 'object') return part
    const { $defs, $schema: _, ...rest } = part as JsonSchema
    const own = { ...names, ...namesFor((part as JsonSchema)['title'], $defs as JsonSchema | undefined) }
    for (const [name, definition] of Object.entries(($defs as JsonSchema | undefined) ?? {}))
      components[own[name] ?? name] ??= rename(definition, own) as JsonSchema
    return Object.fromEntries(
      Object.entries(rest).map(([key, value]) => {
        const target = key === '$ref' && typeof value === 'string' ? own[value.replace('#/$defs/', '')] : undefined
        return [key, target === undefined ? rename(value, own) : `#/components/schemas/${target}`]
      }),
    )
  }
  return rename(schema, {}) as JsonSchema
}

const namesFor = (title: unknown, definitions: JsonSchema = {}): Record<string, string> =>
  Object.fromEntries(
    Object.keys(definitions).map(name => [
      name,
      `${typeof title === 'string' ? title : 'Part'}.${name}`.replaceAll(/[^\w.-]/g, '_'),
    ]),
  )
