import type { Model } from '../../shared/model.ts'
import { content } from './starters/content.ts'
import { shop } from './starters/shop.ts'

/** Models to begin with, and to change once your own history says more. */
export const STARTERS: Record<'shop' | 'content', Model> = { shop, content }
