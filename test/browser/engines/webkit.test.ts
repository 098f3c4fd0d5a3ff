import { webkit } from './webkit.ts'
import { behavioursIn } from './suite.ts'

behavioursIn(webkit)
