/// <reference types="vite/types/importMeta.d.ts" />
import { afterAll, beforeAll, describe, test } from 'vitest'
import type { Behaviours } from '../behaviours/behaviour.ts'
import { missing, type Browser, type Engine, type EngineName, type Tab } from './engine.ts'
import { openWorld, type World } from './place.ts'

const files = import.meta.glob<{ default?: Behaviours; alone?: boolean; only?: EngineName }>('../behaviours/*.ts', {
  eager: true,
})

/** What the tests of an engine share, once they run. */
export interface Surroundings {
  engine: Engine
  browser: Browser
  world: World
}

/** A browser of that engine and a world for it, for the tests that `define` adds; all are skipped where it is missing. */
export function withEngine(engine: Engine, define: (surroundings: Surroundings) => void): void {
  const why = missing(engine)
  if (why) console.warn(`\n*** ${why}\n`)
  describe.skipIf(why)(engine.name, () => {
    const surroundings = { engine } as Surroundings
    beforeAll(async () => {
      surroundings.world = await openWorld()
      surroundings.browser = await engine.launch()
    })
    afterAll(async () => {
      const { browser, world } = surroundings as Partial<Surroundings>
      await browser?.close()
      await world?.close()
    })
    define(surroundings)
  })
}

/** Every behaviour, each at a place of its own. */
export function behave(surroundings: Surroundings): void {
  for (const { default: behaviours = {}, alone = false, only = surroundings.engine.name } of Object.values(files)) {
    if (only !== surroundings.engine.name) continue
    for (const [name, show] of Object.entries(behaviours)) {
      test(name, { concurrent: !alone }, async () => {
        const { engine, browser, world } = surroundings
        const place = await world.place(name)
        const tabs: Tab[] = []
        try {
          const open = async (path = '/') => {
            const tab = await browser.open(place.origin + path)
            tabs.push(tab)
            return tab
          }
          await show({ engine, browser, place, open })
        } finally {
          await Promise.allSettled(tabs.map(tab => tab.close()))
          await place.close()
        }
      })
    }
  }
}
