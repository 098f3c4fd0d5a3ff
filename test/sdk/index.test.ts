import { expect, test } from 'vitest'
import { start } from '../../sdk/index.ts'

test('the module can be imported where there is no browser, as on a server that renders pages', () => {
  expect(globalThis).not.toHaveProperty('document')
  expect(start).toBeTypeOf('function')
})
