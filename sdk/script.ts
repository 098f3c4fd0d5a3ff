import { guard } from './guard.ts'
import type { Options } from './leadlight.ts'
import { start } from './start.ts'

// Options are the tag's data- attributes, or in the script's address, as tag managers strip attributes.
guard(() => {
  const { src, dataset } = document.currentScript as HTMLScriptElement
  const { origin, searchParams } = new URL(src)
  const given: object = { host: origin, ...Object.fromEntries(searchParams), ...(dataset as object) }
  start(given as Options)
})
