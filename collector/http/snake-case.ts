type Snake<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${Snake<Rest>}`
  : Name

/** Data with its names as they leave the collector. */
export type SnakeCase<Value> = Value extends readonly (infer Item)[]
  ? SnakeCase<Item>[]
  : Value extends object
    ? { [Name in keyof Value as Name extends string ? Snake<Name> : Name]: SnakeCase<Value[Name]> }
    : Value

/** `flaggedPerWeek` → `flagged_per_week`, all the way down. */
export function inSnakeCase<Value>(value: Value): SnakeCase<Value> {
  if (Array.isArray(value)) return value.map(inSnakeCase) as SnakeCase<Value>
  if (value === null || typeof value !== 'object') return value as SnakeCase<Value>
  const entries = Object.entries(value).map(([name, part]) => [
    name.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`),
    inSnakeCase(part),
  ])
  return Object.fromEntries(entries) as SnakeCase<Value>
}
