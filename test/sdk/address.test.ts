import { expect, test } from 'vitest'
import { address } from '../../sdk/address.ts'

test.for([
  ['https://shop.example/a/b?email=ada@example.org#token', 'https://shop.example/a/b'],
  ['https://ada:secret@shop.example:8443/', 'https://shop.example:8443/'],
  ['../c?x=1', 'https://shop.example/c'],
  ['//cdn.example/app.js', 'https://cdn.example/app.js'],
  ['mailto:ada@example.org', 'mailto:'],
  ['tel:+4712345678', 'tel:'],
  ['data:text/csv,ada', 'data:'],
  ['javascript:alert(document.cookie)', 'javascript:'],
  ['blob:https://shop.example/0f3a', 'blob:'],
  ['file:///home/ada/index.html', 'file:'],
  ['about:srcdoc', 'about:'],
])('of %s, %s is kept', ([href, kept]) => {
  expect(address(href!, 'https://shop.example/a/b')).toBe(kept)
})
