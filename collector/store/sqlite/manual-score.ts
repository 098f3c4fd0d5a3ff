import { IDS_OF_PERSON } from './former-ids.ts'

/** The score that somebody gave a person (`@site`, `@person`) by hand, the last one. */
export const MANUAL_SCORE = `SELECT score, author, reason, at, until FROM manual_scores
  WHERE site_id = @site AND person_id IN ${IDS_OF_PERSON} ORDER BY at DESC LIMIT 1`
