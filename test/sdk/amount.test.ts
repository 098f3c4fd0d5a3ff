import { expect, test } from 'vitest'
import { amount } from '../../sdk/adapters/amount.ts'

test.for([
  ['€ 1.234,50', 1234.5],
  ['1,234.50 kr', 1234.5],
  ['12 900,-', 12900],
  ['1\u202f299,00\u00a0zł', 1299],
  ['$49.5', 49.5],
  ['CHF 1’250.00', 1250],
  ['1.299 kr.', 1299],
  ['340', 340],
  ['×\u00a02', 2],
  ['free', undefined],
  ['', undefined],
  [undefined, undefined],
] as const)('%s is %s', ([text, number]) => expect(amount(text)).toBe(number))
