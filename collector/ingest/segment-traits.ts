import { isObject } from './segment-commerce.ts'

/**
 * Segment's traits (https://segment.com/docs/connections/spec/identify/#traits) as facts of one value each, by the names
 * that rules know: the company's name for its object, the address's country for the address. What is said as such wins.
 */
export function flatTraits(traits: Record<string, unknown>): Record<string, unknown> {
  const { company, address, firstName, lastName, title } = traits
  const names = [firstName ?? traits['first_name'], lastName ?? traits['last_name']].filter(
    part => typeof part === 'string',
  )
  const found: Record<string, unknown> = {}
  if (names.length > 0) found['name'] = names.join(' ')
  if (typeof title === 'string') found['role'] = title
  if (isObject(address)) {
    for (const part of ['country', 'city', 'state', 'postalCode']) {
      if (address[part] !== undefined) found[part === 'postalCode' ? 'postal_code' : part] = address[part]
    }
  }
  const { company: _, ...others } = traits
  if (!isObject(company)) return { ...found, ...traits }
  const { name, industry, employee_count, employees = employee_count } = company
  if (industry !== undefined) found['industry'] = industry
  if (employees !== undefined) found['employees'] = employees
  if (name !== undefined) found['company'] = name
  return { ...found, ...others }
}
