import { firefox } from './firefox.ts'
import { behavioursIn } from './suite.ts'

behavioursIn(firefox)
