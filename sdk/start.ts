import type { WireEvent } from '../shared/event.ts'
import { address } from './address.ts'
import { watchAttributes } from './attributes.ts'
import { createBeacon } from './beacon.ts'
import { here, landing } from './campaign.ts'
import type { Emit, Given } from './emit.ts'
import { watchEngagement } from './engagement.ts'
import { watchForms } from './forms.ts'
import { guard, later } from './guard.ts'
import type { Leadlight, Options, Traits } from './leadlight.ts'
import { watchLinks } from './links.ts'
import { listen, type Undo } from './listen.ts'
import { watchPages } from './pages.ts'
import { createQueue } from './queue.ts'
import { uuid } from './uuid.ts'
import { known, NAME, newVisitor, recall, remember, type Visitor } from './visitor.ts'

type Verb = (...given: unknown[]) => unknown

/**
 * Starts tracking and returns the verbs, which `window.leadlight` then is as well; calls pushed there before are made
 * now. A second start returns the first one's verbs.
 */
export function start(options: Options): Leadlight {
  const early = window.leadlight
  if (early && !Array.isArray(early)) return early

  const { site, host = location.origin, consent, storage, query = '', title } = options
  const persistent = storage !== 'none'
  const asks = consent === 'required' || navigator.globalPrivacyControl === true
  const listeners = new Set<[kind: string, listener: (news: never) => void]>()
  const notify = (about: string, news: unknown) => {
    for (const [kind, listener] of listeners) if (kind === about) guard(() => listener(news as never))
  }

  let stopped = false
  let visitor = (persistent && recall()) || newVisitor()
  const allowed = () => visitor.id && (visitor.consent === 'granted' || !asks) && !document.prerendering && !stopped
  const beacon = createBeacon(host + '/e')
  const queue = createQueue({
    key: site,
    beacon,
    stamp: () => (allowed() ? { sent_at: Date.now(), consent: visitor.consent || undefined } : undefined),
    sent: (batch, result) => notify('sent', { batch, result }),
  })

  function turnInto(next: Visitor) {
    if (leave && next.id !== visitor.id) {
      // The time engaged so far is the other's.
      leave()
      view = newView()
      visitor = next
      leave = watchEngagement(emit)
    }
    visitor = next
    if (!next.id) queue.clear()
  }

  function become(next: Visitor) {
    turnInto(next)
    if (persistent && (next.consent || allowed())) remember(next)
  }

  /** Begins to use storage, and sends what had to wait for that. */
  function open() {
    if (!allowed()) return
    become(visitor)
    if (persistent) queue.open()
    queue.flush()
  }

  const newView = () => ({ id: uuid(), seq: 0, url: here(query) })
  let view = newView()
  let leave: Undo | undefined

  const emit: Emit = (type, properties, more) => {
    if (stopped || !visitor.id) return
    const what = { id: uuid(), type, at: Date.now(), view: view.id, seq: view.seq, url: view.url, ...more, properties }
    // A copy, as the page may go on changing what it gave.
    const event: WireEvent = JSON.parse(JSON.stringify(what))
    view.seq++
    notify('event', event)
    queue.add(event, visitor.id)
  }

  /** This event and all that follow are of somebody known. */
  const emitAs: Emit = (type, properties) => {
    const { user_id, traits } = properties as { user_id?: string; traits?: Traits }
    if (visitor.id) become(known(visitor, user_id, traits?.email))
    emit(type, properties)
  }

  function show(properties?: Given) {
    const landed = leave
    leave?.()
    const referrer = landed ? view.url : document.referrer
    view = newView()
    emit(
      'page_view',
      { ...properties, webdriver: navigator.webdriver || undefined },
      {
        url: here(query, landed ? location.href : landing()),
        referrer: referrer ? address(referrer) : undefined,
        title: title === 'off' ? undefined : document.title.slice(0, 150),
      },
    )
    leave = watchEngagement(emit)
    if (!landed) later(queue.flush)
  }

  const verbs: Leadlight = {
    track: emit,
    page: show,
    identify(id?: string | number | null | Traits, given?: Traits) {
      const [user_id, traits] = id && typeof id !== 'object' ? [id + '', given] : [undefined, id || given]
      emitAs('identify', { user_id, traits })
    },
    group: (id, traits) => emit('group', { group_id: id + '', traits }),
    reset: () => become(newVisitor(visitor.consent)),
    consent(state) {
      const { id } = visitor
      if (state === 'granted') {
        become(id ? { ...visitor, consent: state } : newVisitor(state))
        open()
        if (!id) show()
      } else {
        // The collector is told if it can know the visitor.
        if (recall()?.id) {
          const withdrawal = { v: 1, key: site, visitor: id, sent_at: Date.now(), consent: 'denied', events: [] }
          beacon(JSON.stringify(withdrawal), () => {})
        }
        become(newVisitor('denied'))
      }
    },
    flush: queue.flush,
    stop() {
      leave?.()
      queue.flush()
      stopped = true
      queue.stop()
      undo.forEach(each => each())
      window.leadlight = []
    },
    on(...listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    push: ([verb, ...given]) => (verbs[verb] as Verb)(...given),
  }
  for (const name in verbs) {
    const verb = verbs[name as 'track'] as Verb
    verbs[name as 'track'] = (...given) => guard(() => verb(...given))
  }

  // First of all, and so called last: after those who watch have said what there is to say about a page being left.
  const undo = [
    listen('visibilitychange pagehide blur', ({ target }) => target instanceof Element || queue.flush()),
    listen('online', queue.retry),
    listen('prerenderingchange', open),
    // Who the visitor is, or whether they consent, may change in another tab.
    listen('storage', event => {
      if ((event as StorageEvent).key === NAME) turnInto(recall() ?? visitor)
    }),
    watchLinks(emit),
    watchAttributes(emit),
    watchForms(emit, emitAs),
    watchPages(() => here(query), show),
  ]
  window.leadlight = verbs
  early?.forEach(call => verbs.push(call))
  // Storage is slow to open, and may wait until the page is idle.
  ;(window.requestIdleCallback ?? setTimeout)(() => guard(open))
  return verbs
}
