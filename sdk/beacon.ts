/** Bytes. Browsers cap the bodies of all keepalive requests in flight at 64 KiB together; some are left to the page. */
const KEEPALIVE_BUDGET = 56 * 1024

/** Hands a body to the browser. Resolves to the answer; to nothing if the network failed, or if it must wait. */
export type Beacon = (body: string) => Promise<Response | undefined>

/**
 * A keepalive fetch of a bare string: no pre-flight, no credentials, and it outlives the page. `sendBeacon` carries
 * credentials and says nothing of its fate, so it only stands in where a fetch would die with the page; what it takes
 * is sent again.
 */
export function createBeacon(url: string): Beacon {
  // As it is now: pages like to patch it later.
  const { fetch } = window
  let inFlight = 0
  return async body => {
    const length = new Blob([body]).size
    const keepalive = inFlight + length <= KEEPALIVE_BUDGET
    if (document.hidden && !(keepalive && 'keepalive' in Request.prototype)) {
      return void navigator.sendBeacon(url, body)
    }
    inFlight += length
    try {
      return await fetch(url, { method: 'POST', body, keepalive, credentials: 'omit' })
    } catch {
      return undefined
    } finally {
      inFlight -= length
    }
  }
}
