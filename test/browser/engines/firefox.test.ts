import { firefox } from './firefox.ts'
import { deliver } from './delivery.ts'
import { behave, withEngine } from './suite.ts'

withEngine(firefox, surroundings => {
  behave(surroundings)
  deliver(surroundings, 200)
})
