import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fill } from '../../collector/demo/fill.ts'
import { addSite } from '../../collector/http/site.ts'
import { openStore } from '../../collector/store/open.ts'
import { uuidv7 } from '../../shared/uuid.ts'
import { testCollector, wireEvent, type TestCollector } from '../collector.ts'

/** Who waits for sales whatever the hour: what the demo's sales make of a month depends on when it ends. */
const WAITING = ['nora', 'ole', 'pia']

/** A whole collector with a month of the demo's visitors, and some who have just asked for more. */
export async function filledCollector(visitors = 220): Promise<TestCollector> {
  const folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
  const url = `file:${folder}/filled.db`
  let made = 0
  const newId = () =>
    uuidv7(
      Date.now(),
      Uint8Array.from({ length: 10 }, (_, byte) => (++made * 31 + byte) % 251),
    )
  const store = await openStore(url, { newId })
  const { id } = await addSite(store, { name: 'Skumring', origins: [], starter: 'shop' }, Date.now())
  await fill(store, { site: id, now: Date.now(), visitors })
  await store.close()
  const collector = await testCollector({ '--database-url': url })
  for (const name of WAITING) {
    const traits = { email: `${name}@nordnes.example`, name, company: 'Hotell Nordnes' }
    const events = [
      wireEvent('page_view', { url: `${collector.url}/demo/contact`, title: 'Contact' }, 90_000),
      wireEvent('file_download', { properties: { file_name: 'skumring-specification.pdf' } }, 80_000),
      wireEvent('add_to_cart', { properties: { item_id: 'sverm', item_name: 'Sverm' } }, 70_000),
      wireEvent('identify', { properties: { traits } }, 60_000),
      wireEvent('request_quote', { properties: { form_kind: 'quote' } }, 50_000),
      wireEvent('contact', {}, 40_000),
    ]
    await collector.send({ visitor: `waiting-${name}`, events })
  }
  const { data } = await collector.ask<{ data: unknown[] }>('/v1/leads?stage=mql')
  if (data.length < WAITING.length) throw new Error(`Only ${data.length} wait for sales.`)
  return {
    ...collector,
    async close() {
      await collector.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
