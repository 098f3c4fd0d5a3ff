import type { Emit } from './emit.ts'
import { later } from './guard.ts'
import { listen, undo } from './listen.ts'

/** Milliseconds after the last sign of life for which a visible, focused page still counts as read. */
const IDLE = 30_000

/**
 * Engaged time and scroll depth of one view: a `user_engagement` whenever a period of activity ends, with the whole
 * time so far, so that repeats are harmless. Said when the period ends, never when a forgotten tab is closed at last.
 * The function returned ends the view, if there is one, and begins the next.
 */
export function watchEngagement(emit: Emit): () => void {
  let engaged = 0
  let reported = 0
  let depth = 0
  /** When the period under way began; 0 when there is none. */
  let began = 0
  let lastActive = 0
  let timer = 0

  function end() {
    clearTimeout(timer)
    if (began) engaged += (Math.min(performance.now(), lastActive + IDLE) - began) | 0
    began = 0
    if (engaged > reported) emit('user_engagement', { engaged_ms: (reported = engaged), percent_scrolled: depth })
  }

  function measure() {
    depth = Math.max(depth, Math.round(((scrollY + innerHeight) / document.documentElement.scrollHeight) * 100))
  }

  function pause() {
    measure()
    end()
  }

  function act(event?: Event) {
    // Focus inside a frame of the page is still focus: a blur alone means nothing.
    if (document.hidden || !document.hasFocus() || event?.type === 'pagehide') return pause()
    const now = performance.now()
    // Timers stand still while the machine sleeps.
    if (now > lastActive + IDLE) end()
    if (event && /scroll|down/.test(event.type)) measure()
    lastActive = now
    began ||= now
    clearTimeout(timer)
    timer = later(pause, IDLE)
  }

  listen('focus pointerdown pointermove keydown scroll blur visibilitychange pagehide', act)
  undo.push(() => clearTimeout(timer))
  return () => {
    end()
    engaged = reported = depth = 0
    act()
  }
}
