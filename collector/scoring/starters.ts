import type { Model } from '../../shared/model.ts'
import { agency } from './starters/agency.ts'
import { consultancy } from './starters/consultancy.ts'
import { content } from './starters/content.ts'
import { dealer } from './starters/dealer.ts'
import { shop } from './starters/shop.ts'
import { startup } from './starters/startup.ts'

/** Models to begin with, and to change once your own history says more. */
export const STARTERS: Record<'shop' | 'content' | 'startup' | 'consultancy' | 'agency' | 'dealer', Model> = {
  shop,
  content,
  startup,
  consultancy,
  agency,
  dealer,
}
