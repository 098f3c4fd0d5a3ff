type Schema = boolean | { [keyword: string]: unknown }

const typeOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)

/** Whether a value is valid by a JSON Schema of draft 2020-12: the keywords that ours uses; any other one is an error. */
export function isValid(schema: Schema, value: unknown, root: Schema = schema): boolean {
  if (typeof schema === 'boolean') return schema
  const valid = (part: unknown, of: unknown = value) => isValid(part as Schema, of, root)
  const entries = typeOf(value) === 'object' ? Object.entries(value as object) : null
  const all: Record<string, (operand: never) => boolean> = {
    $schema: () => true,
    $defs: () => true,
    title: () => true,
    description: () => true,
    $ref: (ref: string) => valid((root as Record<string, Record<string, unknown>>)['$defs']![ref.split('/').at(-1)!]),
    type: (names: string | string[]) =>
      [names].flat().some(name => (name === 'integer' ? Number.isInteger(value) : name === typeOf(value))),
    enum: (values: unknown[]) => values.includes(value),
    const: (constant: unknown) => value === constant,
    not: (part: Schema) => !valid(part),
    anyOf: (parts: Schema[]) => parts.some(part => valid(part)),
    pattern: (source: string) => typeof value !== 'string' || new RegExp(source, 'u').test(value),
    maxLength: (max: number) => typeof value !== 'string' || Array.from(value).length <= max,
    minimum: (min: number) => typeof value !== 'number' || value >= min,
    maximum: (max: number) => typeof value !== 'number' || value <= max,
    exclusiveMinimum: (min: number) => typeof value !== 'number' || value > min,
    items: (part: Schema) => !Array.isArray(value) || value.every(item => valid(part, item)),
    minItems: (min: number) => !Array.isArray(value) || value.length >= min,
    maxItems: (max: number) => !Array.isArray(value) || value.length <= max,
    required: (names: string[]) => !entries || names.every(name => Object.hasOwn(value as object, name)),
    minProperties: (min: number) => !entries || entries.length >= min,
    maxProperties: (max: number) => !entries || entries.length <= max,
    propertyNames: (part: Schema) => !entries || entries.every(([name]) => valid(part, name)),
    properties: (parts: Record<string, Schema>) =>
      !entries || entries.every(([name, given]) => !Object.hasOwn(parts, name) || valid(parts[name], given)),
    additionalProperties: (part: Schema) => {
      const known = schema['properties'] ?? {}
      return !entries || entries.every(([name, given]) => Object.hasOwn(known, name) || valid(part, given))
    },
  }
  return Object.entries(schema).every(([keyword, operand]) => {
    const holds = all[keyword]
    if (!holds) throw new Error(`This test does not know the keyword ${keyword}.`)
    return holds(operand as never)
  })
}
