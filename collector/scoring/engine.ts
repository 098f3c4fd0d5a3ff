import { HOUR } from '../../shared/instant.ts'
import { explain } from './explain.ts'
import { lastOf } from './fold.ts'
import { judge } from './judge.ts'

/** What events mean, as the store is handed it: it looks at everybody whose score fades at least once an hour. */
export const engine = {
  judge: (...[model, version, standing, events, now]: Parameters<typeof judge>) =>
    judge(model, version, standing, events, now, HOUR),
  explain,
  lastOf,
}
