/** A WebDriver session (https://www.w3.org/TR/webdriver2/), as far as these tests need one. */
export interface Session {
  command<Value>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<Value>
  /** One command after another on one window: a session has a current window, which another command may change. */
  within<Result>(window: string, work: () => Promise<Result>): Promise<Result>
}

/** Starts a session with the driver that listens there. */
export async function openSession(driver: string, capabilities: object): Promise<Session> {
  const { sessionId } = await send<{ sessionId: string }>('POST', `${driver}/session`, {
    capabilities: { alwaysMatch: capabilities },
  })
  const command: Session['command'] = (method, path, body) =>
    send(method, `${driver}/session/${sessionId}${path}`, body)
  let last: Promise<unknown> = Promise.resolve()
  return {
    command,
    within(window, work) {
      const turn = last.then(async () => {
        await command('POST', '/window', { handle: window })
        return work()
      })
      last = turn.catch(() => {})
      return turn
    },
  }
}

async function send<Value>(method: string, url: string, body: object = {}): Promise<Value> {
  const answer = await fetch(url, { method, ...(method === 'POST' && { body: JSON.stringify(body) }) })
  const { value } = (await answer.json()) as { value: Value & { error?: string; message?: string } }
  if (!answer.ok) throw new Error(`${new URL(url).pathname}: ${value.error} ${value.message}`)
  return value
}
