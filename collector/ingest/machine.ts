import { isbot } from 'isbot'
import { UAParser } from 'ua-parser-js'
import type { Device } from '../../shared/event.ts'

export interface Machine {
  bot: boolean
  device: Device
}

/** Longer user agents are cut: the parsers' patterns take time with the length of what a stranger writes. */
const MAX_USER_AGENT = 512
const REMEMBERED = 5_000

const seen = new Map<string, Machine>()

/** What sent this. An unseen user agent costs up to a millisecond to parse, so recent ones are remembered. */
export function recogniseMachine(userAgent: string): Machine {
  const key = userAgent.slice(0, MAX_USER_AGENT)
  const known = seen.get(key)
  if (known) return known
  const machine = parse(key)
  if (seen.size >= REMEMBERED) seen.clear()
  seen.set(key, machine)
  return machine
}

function parse(userAgent: string): Machine {
  const { browser, os, device } = UAParser(userAgent)
  const type = device.type === 'mobile' || device.type === 'tablet' ? device.type : device.type ? 'other' : 'desktop'
  return {
    bot: isbot(userAgent),
    device: { type: os.name ? type : 'other', browser: browser.name ?? '', os: os.name ?? '' },
  }
}
