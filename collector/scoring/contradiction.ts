import type { Json } from '../../shared/json.ts'
import type { Matcher } from '../../shared/model.ts'
import { compileMatcher } from './matcher.ts'

/** Why nothing can match, in words; `null` when something can, as far as is plain to see. */
export function contradiction(field: string, matcher: Matcher): string | null {
  const operators = matcher !== null && typeof matcher === 'object' ? matcher : { eq: matcher }
  const { eq, in: list, prefix, gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity, exists } = operators
  const { length } = Object.keys(operators)
  if (exists === false && length > 1) return 'what is not there has no value to match.'
  if (field === 'path') {
    const begin = typeof eq === 'string' ? eq : prefix
    if (begin !== undefined && !begin.startsWith('/')) return `a path begins with a slash: "/${begin}".`
  }
  const test = compileMatcher(operators)
  if (eq !== undefined && !test(eq)) return `${JSON.stringify(eq)} does not fit the rest of what is asked.`
  if (list && !list.some((value: Json) => test(value)))
    return 'none of the values listed fits the rest of what is asked.'
  const [least, most] = [Math.max(gt, gte), Math.min(lt, lte)]
  if (least > most || (least === most && (gt === least || lt === most)))
    return `no number is ${gt >= gte ? 'above' : 'at least'} ${least} and ${lt <= lte ? 'under' : 'at most'} ${most}.`
  return null
}
