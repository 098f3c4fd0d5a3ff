import type { Json, Properties } from '../../shared/json.ts'

/** GA4's parameters that are numbers, which attributes and many shops' data layers hold as text. */
const AMOUNTS = new Set(['price', 'value', 'quantity', 'discount', 'tax', 'shipping', 'index'])

/** `'49.90'` → `49.9`, of the event and of each of its items; whatever is not plainly a number stays as it is. */
export function readAmounts(properties: Properties): Properties {
  const { items } = properties
  const read = amountsOf(properties)
  if (!Array.isArray(items)) return read
  return { ...read, items: items.map(item => (isObject(item) ? amountsOf(item) : item)) }
}

function amountsOf(properties: Properties): Properties {
  let read = properties
  for (const [name, value] of Object.entries(properties)) {
    if (AMOUNTS.has(name) && typeof value === 'string' && /^-?(0|[1-9]\d{0,14})(\.\d{1,10})?$/.test(value))
      read = { ...read, [name]: Number(value) }
  }
  return read
}

const isObject = (value: Json): value is Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
