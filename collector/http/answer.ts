import * as v from 'valibot'
import type { JsonSchema } from './schema.ts'

// Shapes of answers.

/** An instant as it leaves the collector: RFC 3339 in UTC. */
export const at = v.pipe(v.string(), v.metadata({ wire: { type: 'string', format: 'date-time' } }))

/** A page of a list; `paging.next.after` is there when there is more. */
export const listOf = <Item extends v.GenericSchema>(item: Item) =>
  v.object({
    data: v.array(item),
    paging: v.object({ next: v.optional(v.object({ after: v.string() })) }),
  })

/** JSON that is made and described elsewhere. */
export const anyJson = <Shape>(wire: JsonSchema) =>
  v.pipe(
    v.custom<Shape>(() => true),
    v.metadata({ wire }),
  )
