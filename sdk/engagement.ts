import type { Emit } from './emit.ts'
import { later } from './guard.ts'
import { listen, type Undo } from './listen.ts'

/** Milliseconds after the last sign of life for which a visible, focused page still counts as read. */
const IDLE = 30_000

/**
 * Engaged time and scroll depth of one view: a `user_engagement` whenever a period of activity ends, with the whole
 * time so far, so that repeats are harmless. Said when the period ends, never when a forgotten tab is closed at last.
 */
export function watchEngagement(emit: Emit): Undo {
  let engaged = 0
  let reported = 0
  let depth = 0
  /** When the period under way began; 0 when there is none. */
  let began = 0
  let lastActive = 0
  let timer = 0

  function measure() {
    const read = Math.round(((scrollY + innerHeight) / document.documentElement.scrollHeight) * 100)
    depth = Math.min(100, Math.max(depth, read))
  }

  function end() {
    clearTimeout(timer)
    if (began) engaged += Math.round(Math.min(performance.now(), lastActive + IDLE) - began)
    began = 0
    if (engaged > reported) emit('user_engagement', { engaged_ms: (reported = engaged), percent_scrolled: depth })
  }

  function pause() {
    measure()
    end()
  }

  function expire() {
    const left = lastActive + IDLE - performance.now()
    if (left > 0) timer = later(expire, left)
    else pause()
  }

  const attentive = () => !document.hidden && document.hasFocus()

  function act() {
    const now = performance.now()
    // Timers stand still while the machine sleeps.
    if (now > lastActive + IDLE) end()
    lastActive = now
    if (began || !attentive()) return
    began = now
    expire()
  }

  const undo = [
    listen('focus pointerdown pointermove keydown scroll', act),
    listen('scroll pointerdown', measure),
    // Focus inside a frame of the page is still focus: a blur alone means nothing.
    listen('blur visibilitychange pagehide', ({ type }) => (type === 'pagehide' || !attentive() ? pause() : act())),
  ]
  act()
  return () => {
    undo.forEach(each => each())
    end()
  }
}
