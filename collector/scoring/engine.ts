import { explain } from './explain.ts'
import { judge } from './judge.ts'

/** What events mean, as the store is handed it. */
export const engine = { judge, explain }
