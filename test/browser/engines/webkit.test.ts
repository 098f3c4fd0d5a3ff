import { webkit } from './webkit.ts'
import { deliver } from './delivery.ts'
import { behave, withEngine } from './suite.ts'

withEngine(webkit, surroundings => {
  behave(surroundings)
  deliver(surroundings, 200)
})
