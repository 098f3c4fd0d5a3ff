import { FACETS, TOUCH_KINDS, type Facet } from '../../shared/facet.ts'
import { oneOf, text } from './query.ts'

/** `page=/pricing`, `campaign=may`: people who came in touch with it. */
export const facetFilters = Object.fromEntries(FACETS.map(facet => [facet, text])) as Record<Facet, typeof text>

/** Whether it must have been their first of its kind. */
export const touchKind = oneOf(TOUCH_KINDS)
