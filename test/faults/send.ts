import { ADMIN_KEY, PERSON } from '../collector.ts'

/** Sends a batch on a connection of its own, as every page does that was just opened. */
export function post(url: string, key: string, visitor: string, events: object[]): Promise<Response> {
  return fetch(`${url}/e`, {
    method: 'POST',
    headers: { Origin: url, 'User-Agent': PERSON, Connection: 'close' },
    body: JSON.stringify({ v: 1, key, visitor, sent_at: Date.now(), events }),
  })
}

export const ask = (url: string, path: string): Promise<Response> =>
  fetch(url + path, { headers: { Authorization: `Bearer ${ADMIN_KEY}` } })

/** Events that have arrived and wait for the disk. */
export async function waitingEvents(url: string): Promise<number> {
  const metrics = await (await ask(url, '/metrics')).text()
  return Number(/^leadlight_waiting_events (\d+)/m.exec(metrics)?.[1] ?? Number.NaN)
}
