import { describe, expect, test } from 'vitest'
import { enrich } from '../../collector/ingest/enrich.ts'
import type { Properties } from '../../shared/json.ts'

const NOON = 1_767_225_600_000
const browser = { receivedAt: NOON, sentAt: NOON, provenance: 'browser', mark: null } as const
const kept = (type: string, properties: Properties) => {
  const wire = { id: '019b77f0-0000-7000-8000-000000000000', type, at: NOON, url: 'https://shop.example/a', properties }
  const event = enrich(wire, browser)
  return { type: event.type, properties: event.properties }
}

describe('a link is kept as what it leads to', () => {
  const link_text = 'x'
  test.each([
    ['/files/My%20Guide.PDF', {}, 'file_download', { file_name: 'My Guide.PDF', file_extension: 'pdf', link_text }],
    ['/setup.AppImage', {}, 'file_download', { file_name: 'setup.AppImage', file_extension: 'appimage', link_text }],
    ['/src.tar.gz', {}, 'file_download', { file_name: 'src.tar.gz', file_extension: 'gz', link_text }],
    ['/report/42', { download: '' }, 'file_download', { file_name: '42', link_text }],
    ['/r/42', { download: 'R.epub' }, 'file_download', { file_name: 'R.epub', file_extension: 'epub', link_text }],
    ['/photo.png', { download: '' }, 'file_download', { file_name: 'photo.png', link_text }],
    ['/photo.png', {}, 'click', {}],
    ['/team/jane.doe', {}, 'click', {}],
    ['/50%-off.doe', {}, 'click', {}],
  ])('%s %o → %s', (path, more, type, properties) => {
    const link_url = `https://shop.example${path}`
    expect(kept('file_download', { link_url, link_text, ...more })).toEqual({
      type,
      properties: { link_url, ...properties },
    })
  })

  test.each([
    ['https://partner.example/shop', { link_domain: 'partner.example', outbound: true }],
    ['mailto:', { outbound: true }],
    ['tel:', { outbound: true }],
    ['https://shop.example/b', {}],
    ['no address', { outbound: true }],
  ])('a click on %s', (link_url, more) => {
    expect(kept('click', { link_url })).toEqual({ type: 'click', properties: { link_url, ...more } })
  })

  test('elsewhere, what only looks like a file is a way out', () => {
    const link_url = 'https://cdn.example/team/jane.doe'
    expect(kept('file_download', { link_url, link_text })).toEqual({
      type: 'click',
      properties: { link_url, link_domain: 'cdn.example', outbound: true },
    })
  })

  test('what a site says itself stays as it was said', () => {
    for (const properties of [
      { file_name: 'x' },
      { link_url: 'https://shop.example/x.foo', file_name: 'x.foo' },
      { link_url: 'https://shop.example/trial' },
      { link_url: 42 },
    ] as Properties[]) {
      expect(kept('file_download', properties)).toMatchObject({ type: 'file_download', properties })
    }
    expect(kept('tour', { link_url: 'https://partner.example/' })).toEqual({
      type: 'tour',
      properties: { link_url: 'https://partner.example/' },
    })
  })
})

describe('a form is kept as what it is for', () => {
  const quote = [
    ['name', 'text', 'Name'],
    ['email', 'email', 'E-mail'],
    ['agree', 'radio', ''],
    ['agree', 'radio', ''],
    ['', 'submit', 'Request a quote'],
  ]
  test('recognised by its fields, of which the names are kept', () => {
    expect(kept('form_submit', { form_id: 'f', fields: quote })).toEqual({
      type: 'request_quote',
      properties: { form_id: 'f', form_kind: 'quote', fields: ['name', 'email', 'agree'] },
    })
    expect(kept('form_start', { fields: quote })).toMatchObject({
      type: 'form_start',
      properties: { form_kind: 'quote' },
    })
  })
  test('its own word counts for more', () => {
    expect(kept('form_submit', { form_kind: 'survey', fields: quote })).toMatchObject({
      type: 'form_submit',
      properties: { form_kind: 'survey' },
    })
  })
  test('names of fields alone are kept as they come, and nonsense recognises nothing', () => {
    expect(kept('form_submit', { fields: ['name', 'email'] }).properties).toEqual({ fields: ['name', 'email'] })
    for (const fields of [[], [[]], [[1, 2, 3]], [[null]], 'x', [['a'], 'b']] as Properties[string][]) {
      expect(kept('form_submit', { fields }).type).toBe('form_submit')
    }
  })
})

test('amounts are numbers, also where a page holds them as text; nothing else is touched', () => {
  const said = {
    item_id: '0042',
    price: '19.90',
    quantity: '2',
    discount: '-1.5',
    value: '1e3',
    index: '007',
    size: '5',
  }
  const read = { ...said, price: 19.9, quantity: 2, discount: -1.5 }
  expect(kept('add_to_cart', said).properties).toEqual(read)
  expect(kept('add_to_cart', { value: '10', items: [said, 'x', null] }).properties).toEqual({
    value: 10,
    items: [read, 'x', null],
  })
})
