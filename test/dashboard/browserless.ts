import type { TestCollector } from '../collector.ts'

/** A browser without a window: keeps cookies, follows no redirect, and sends what browsers send. */
export interface Visitor {
  get: (path: string, headers?: Record<string, string>) => Promise<Answer>
  post: (path: string, fields: Record<string, string>, headers?: Record<string, string>) => Promise<Answer>
  cookies: Map<string, string>
}

export interface Answer {
  status: number
  location: string | null
  text: string
  headers: Headers
}

export function visitor({ url }: Pick<TestCollector, 'url'>): Visitor {
  const cookies = new Map<string, string>()
  async function ask(
    path: string,
    init: Omit<RequestInit, 'headers'> & { headers: Record<string, string> },
  ): Promise<Answer> {
    const cookie = Array.from(cookies, pair => pair.join('=')).join('; ')
    const headers = { ...(cookie && { Cookie: cookie }), ...init.headers }
    const answer = await fetch(new URL(path, url), { ...init, headers, redirect: 'manual' })
    for (const given of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(given) ?? []
      if (/max-age=0/i.test(given)) cookies.delete(name)
      else cookies.set(name, value)
    }
    const location = answer.headers.get('Location')
    return { status: answer.status, location, text: await answer.text(), headers: answer.headers }
  }
  return {
    cookies,
    get: (path, headers = {}) => ask(path, { headers }),
    post: (path, fields, headers = {}) =>
      ask(path, {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { Origin: new URL(url).origin, 'Sec-Fetch-Site': 'same-origin', ...headers },
      }),
  }
}

export const PASSWORD = 'correct horse battery staple'

/** Uses the collector's one-time link: the visitor is signed in. */
export async function signIn(collector: Pick<TestCollector, 'url' | 'loginLink'>): Promise<Visitor> {
  const browser = visitor(collector)
  const answer = await browser.post(new URL(collector.loginLink!).pathname, { password: PASSWORD })
  if (answer.status !== 303) throw new Error(`Signing in: ${answer.status} ${answer.text}`)
  return browser
}

/** The token of a page's forms. */
export const csrfOf = (page: string): string => /name="csrf" value="([0-9a-f]+)"/.exec(page)?.[1] ?? ''
