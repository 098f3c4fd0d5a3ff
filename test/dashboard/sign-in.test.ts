import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { localAddress } from '../../collector/http/pages/frame.ts'
import { DAY, HOUR, MINUTE } from '../../shared/instant.ts'
import { testCollector, type TestCollector } from '../collector.ts'
import { csrfOf, PASSWORD, signIn, visitor } from './browserless.ts'

let collector: TestCollector
beforeEach(async () => {
  collector = await testCollector()
})
afterEach(() => collector.close())

const linkPath = () => new URL(collector.loginLink!).pathname

describe('the one-time link', () => {
  test('is looked at as often as one likes, and used once', async () => {
    const someone = visitor(collector)
    for (let times = 0; times < 3; times++) expect((await someone.get(linkPath())).status).toBe(200)
    expect((await someone.post(linkPath(), { password: PASSWORD })).status).toBe(303)
    expect((await someone.get('/leads')).status).toBe(200)
    const other = visitor(collector)
    expect((await other.get(linkPath())).status).toBe(404)
    expect((await other.post(linkPath(), { password: 'another password' })).status).toBe(404)
    expect((await other.get('/leads')).location).toBe('/login?back=%2Fleads')
  })

  test('is not used up by a password that is too short', async () => {
    const someone = visitor(collector)
    expect((await someone.post(linkPath(), { password: 'short' })).status).toBe(422)
    expect((await someone.post(linkPath(), { password: PASSWORD })).status).toBe(303)
  })

  test('is good for 24 hours', async () => {
    collector.advance(24 * HOUR + MINUTE)
    expect((await visitor(collector).get(linkPath())).status).toBe(404)
  })
})

describe('a session', () => {
  test('is a cookie that no script, no other site and no other host can read', async () => {
    const answer = await visitor(collector).post(linkPath(), { password: PASSWORD })
    const [cookie] = answer.headers.getSetCookie().filter(text => text.startsWith('__Host-leadlight='))
    expect(cookie).toMatch(/; Path=\/;?/)
    for (const part of ['HttpOnly', 'Secure', 'SameSite=Lax']) expect(cookie).toContain(part)
    expect(cookie).not.toContain('Domain')
  })

  test('ends when it is signed out of, for whoever has copied it, too', async () => {
    const someone = await signIn(collector)
    const copied = new Map(someone.cookies)
    const csrf = csrfOf((await someone.get('/leads')).text)
    expect((await someone.post('/logout', { csrf })).location).toBe('/login')
    const thief = visitor(collector)
    for (const [name, value] of copied) thief.cookies.set(name, value)
    expect((await thief.get('/leads')).status).toBe(302)
  })

  test('ends after 14 days', async () => {
    const someone = await signIn(collector)
    collector.advance(13 * DAY)
    expect((await someone.get('/leads')).status).toBe(200)
    collector.advance(DAY + MINUTE)
    expect((await someone.get('/leads')).status).toBe(302)
  })
})

describe('name and password', () => {
  test('sign in; nothing else does', async () => {
    await signIn(collector)
    const someone = visitor(collector)
    for (const wrong of [
      { name: 'admin', password: 'wrong horse battery staple' },
      { name: 'nobody', password: PASSWORD },
      { name: 'admin', password: '' },
      { name: '', password: '' },
    ])
      expect((await someone.post('/login', wrong)).status).toBe(401)
    const right = await someone.post('/login', { name: 'admin', password: PASSWORD, back: '/leads?stage=mql' })
    expect([right.status, right.location]).toEqual([303, '/leads?stage=mql'])
  })

  test.each(['https://elsewhere.example/', '//elsewhere.example', '/\\elsewhere.example', 'javascript:alert(1)', ''])(
    'never lead to %s',
    back => {
      expect(localAddress(back)).toBe('/')
    },
  )

  test('cannot be tried for ever', async () => {
    const someone = visitor(collector)
    const tries = () => someone.post('/login', { name: 'admin', password: 'x' })
    const statuses = await Promise.all(Array.from({ length: 14 }, tries))
    expect(statuses.filter(({ status }) => status === 401)).toHaveLength(10)
    const last = await tries()
    expect(last.status).toBe(429)
    expect(Number(last.headers.get('Retry-After'))).toBeGreaterThan(0)
    collector.advance(2 * MINUTE)
    expect((await tries()).status).toBe(401)
  })
})

describe('a form', () => {
  test('of another site is refused, by whichever sign of it', async () => {
    const someone = await signIn(collector)
    const csrf = csrfOf((await someone.get('/leads')).text)
    for (const headers of [
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { 'Sec-Fetch-Site': '', Origin: 'https://elsewhere.example' },
      { 'Sec-Fetch-Site': '', Origin: 'null' },
    ] as Record<string, string>[])
      expect((await someone.post('/preferences', { csrf, theme: 'dark' }, headers)).status).toBe(403)
    for (const token of ['', 'f'.repeat(64)])
      expect((await someone.post('/preferences', { csrf: token, theme: 'dark' })).status).toBe(403)
    expect((await someone.post('/preferences', { csrf, theme: 'dark' })).status).toBe(303)
    expect((await someone.get('/leads')).text).toContain('data-theme="dark"')
  })

  test('needs somebody who is signed in', async () => {
    const answer = await visitor(collector).post('/leads/anybody/stage', { to: 'sql' })
    expect(answer.status).toBe(401)
  })
})

test('every page forbids what is inline or from elsewhere', async () => {
  const someone = await signIn(collector)
  for (const path of ['/login', '/leads', '/preferences', '/leads?limit=0']) {
    const { headers, text } = await someone.get(path)
    if (headers.get('Location')) continue
    expect(headers.get('Content-Security-Policy')).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'/)
    expect(text).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/i)
  }
})
