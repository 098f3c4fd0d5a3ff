/** Bytes. Browsers cap the bodies of all keepalive requests in flight at 64 KiB together; some are left to the page. */
const KEEPALIVE_BUDGET = 56 * 1024

/** Hands a body to the browser; false when it must wait. `answered` gets the response, or nothing if the network failed. */
export type Beacon = (body: string, answered: (response?: Response) => void) => boolean

/**
 * A keepalive fetch of a bare string: no pre-flight, no credentials, and it outlives the page. `sendBeacon` carries
 * credentials and says nothing of its fate, so it only stands in where a fetch would die with the page; what it takes
 * is sent again.
 */
export function createBeacon(url: string): Beacon {
  // As it is now: pages like to patch it later.
  const { fetch } = window
  let inFlight = 0
  return (body, answered) => {
    const bytes = new TextEncoder().encode(body).length
    const keepalive = inFlight + bytes <= KEEPALIVE_BUDGET
    if (document.hidden && !(keepalive && 'keepalive' in Request.prototype)) {
      return navigator.sendBeacon(url, body) && false
    }
    const settle = (response?: Response) => {
      inFlight -= bytes
      answered(response)
    }
    fetch(url, { method: 'POST', body, keepalive, credentials: 'omit' }).then(settle, () => settle())
    inFlight += bytes
    return true
  }
}
