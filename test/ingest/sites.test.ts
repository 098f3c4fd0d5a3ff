import { expect, test } from 'vitest'
import { rememberSites } from '../../collector/ingest/sites.ts'
import type { Site } from '../../shared/site.ts'

function asked() {
  const now = { at: 0 }
  const sites = new Map<string, Site>()
  const questions: string[] = []
  const find = async (writeKey: string) => {
    questions.push(writeKey)
    return sites.get(writeKey) ?? null
  }
  const add = (writeKey: string, origins: string[] = []) =>
    sites.set(writeKey, {
      id: 1,
      name: 'Shop',
      writeKey,
      origins,
      createdAt: 0,
      followUpHours: 24,
      retentionDays: null,
      retentionConfirm: null,
    })
  return { now, add, questions, siteByWriteKey: rememberSites(find, () => now.at) }
}

test('a site is asked for once a second, and then what has changed holds', async () => {
  const { now, add, questions, siteByWriteKey } = asked()
  add('wk_a')
  await siteByWriteKey('wk_a')
  add('wk_a', ['https://shop.example'])
  now.at = 999
  expect(await siteByWriteKey('wk_a')).toMatchObject({ origins: [] })
  now.at = 1_000
  expect(await siteByWriteKey('wk_a')).toMatchObject({ origins: ['https://shop.example'] })
  expect(questions).toHaveLength(2)
})

test('a key that is not known yet is asked for again at once', async () => {
  const { add, siteByWriteKey } = asked()
  expect(await siteByWriteKey('wk_new')).toBeNull()
  add('wk_new')
  expect(await siteByWriteKey('wk_new')).toMatchObject({ writeKey: 'wk_new' })
})

test('a clock that is set back makes nothing last longer', async () => {
  const { now, add, questions, siteByWriteKey } = asked()
  add('wk_a')
  now.at = 10_000
  await siteByWriteKey('wk_a')
  now.at = 0
  await siteByWriteKey('wk_a')
  expect(questions).toHaveLength(2)
})
