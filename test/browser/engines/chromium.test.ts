import { chromium } from './chromium.ts'
import { deliver } from './delivery.ts'
import { behave, withEngine } from './suite.ts'

withEngine(chromium, surroundings => {
  behave(surroundings)
  deliver(surroundings, 1000)
})
