import { toJsonSchema } from '@valibot/to-json-schema'
import type { GenericSchema } from 'valibot'

/** JSON Schema, draft 2020-12, which is that of OpenAPI 3.1. */
export type JsonSchema = Record<string, unknown>

/** A field's shape as it is sent; one that is read into something else says its own shape as the metadata `wire`. */
export function schemaOf(field: GenericSchema): JsonSchema {
  const { $schema: _, ...schema } = toJsonSchema(field, {
    target: 'draft-2020-12',
    typeMode: 'input',
    errorMode: 'ignore',
    overrideAction: ({ valibotAction }) => {
      const { metadata } = valibotAction as { metadata?: { wire?: JsonSchema } }
      return metadata?.wire ?? null
    },
  })
  return schema
}
