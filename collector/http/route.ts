import type { Context } from 'hono'
import type * as v from 'valibot'
import type { Access } from './access.ts'
import type { Auth } from './auth.ts'
import { readFields, type Field, type Fields, type FieldsRead } from './fields.ts'
import { readJson, type Body } from './json.ts'
import { schemaOf, type JsonSchema } from './schema.ts'

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete' | 'options'

/** Something that may be asked: who may, what of, and what is answered. All that the server, the reference and the tests know. */
export interface Route {
  method: Method
  /** With hono's parameters: `/v1/leads/:id`. */
  path: string
  needs: Access<object>['needs']
  summary: string | null
  query: Record<string, JsonSchema>
  body: JsonSchema | null
  answer: JsonSchema | null
  status: Status
  media: string
  handle: (c: Context, auth: Auth) => Promise<Response>
}

type Status = 200 | 201 | 202 | 204

interface Declaration<Path extends string, Who extends object, Query extends Fields, Given, Answer extends Field> {
  method: Method
  path: Path
  access: Access<Who>
  /** One line for the reference; `null` keeps it out of there. */
  summary: string | null
  /** Parameters of the query string; all may be left out, any other is refused, unless `any` is taken and not looked at. */
  query?: Query | 'any'
  /** What it takes, as JSON. */
  body?: Body<Given>
  /** The shape of a body that `run` reads itself. */
  takes?: JsonSchema
  /** What it answers, as JSON; `null` for all that is no JSON, which `run` makes itself. */
  answer: Answer | null
  /** The media type of what is no JSON. */
  media?: string
  /** Of that answer; 200 by default. */
  status?: Status
  run: (call: Call<Path, Who, Query, Given>) => Result<Answer> | Promise<Result<Answer>>
}

/** Of a route that takes none. */
type NoFields = { [Name in never]: Field }

type Result<Answer extends Field> = v.InferInput<Answer> | Response

export type Call<Path extends string, Who extends object, Query extends Fields, Given> = Who & {
  c: Context
  params: Record<Parameters<Path>, string>
  query: Partial<FieldsRead<Query>>
  body: Given
}

type Parameters<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | Parameters<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never

/** Declares a route: who may ask comes first, then whether the question is well-formed, then `run`. */
export function route<
  const Path extends string,
  Who extends object,
  Query extends Fields = NoFields,
  Given = undefined,
  Answer extends Field = v.NeverSchema<undefined>,
>(declared: Declaration<Path, Who, Query, Given, Answer>): Route {
  const { method, path, access, summary, body, answer, status = 200, run } = declared
  const query: Fields = { ...access.query, ...(declared.query === 'any' ? {} : declared.query) }
  return {
    method,
    path,
    needs: access.needs,
    summary,
    query: Object.fromEntries(Object.entries(query).map(([name, field]) => [name, schemaOf(field)])),
    body: body?.schema ?? declared.takes ?? null,
    answer: answer && schemaOf(answer),
    status,
    media: declared.media ?? 'application/json',
    async handle(c, auth) {
      const who = await access.admit(c, auth)
      const asked = declared.query === 'any' ? {} : readQuery(query, c)
      const given = body ? body.read(await readJson(c)) : undefined
      const result = await run({ ...who, c, params: c.req.param(), query: asked, body: given } as Call<
        Path,
        Who,
        Query,
        Given
      >)
      if (result instanceof Response) return result
      return status === 204 ? c.body(null, 204) : c.json(result as object, status)
    },
  }
}

const readQuery = (fields: Fields, c: Context): Record<string, unknown> =>
  readFields(fields, c.req.query(), {
    refuse: ['invalid', 'The query is not well-formed.'],
    absent: 'is left out',
  })
