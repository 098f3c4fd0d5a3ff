import { chromium } from './chromium.ts'
import { behavioursIn } from './suite.ts'

behavioursIn(chromium)
