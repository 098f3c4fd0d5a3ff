import { ADMIN_KEY, type TestCollector } from '../collector.ts'

export interface Answer {
  status: number
  // Whatever the collector answered; each test says what it expects of it.
  body: Record<string, unknown>
}

/** Tells the API something, with an admin key or another. */
export async function tell(
  { url }: TestCollector,
  path: string,
  body: unknown = {},
  { method = 'POST', key = ADMIN_KEY } = {},
): Promise<Answer> {
  const request = {
    method,
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  }
  const answer = await fetch(url + path, request)
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}
