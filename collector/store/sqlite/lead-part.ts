import type { LeadQuery } from '../../../shared/lead.ts'

export type Value = string | number

/** SQL with a value for each of its question marks. */
export interface Part {
  sql: string
  values: Value[]
}

/** One filter of a list of leads. */
export interface Filter {
  /** Holds for a row of `persons p`. */
  where: Part
  /** Selects the ids (`id`) of those for whom it holds, where an index has them. */
  ids?: Part
  /** Selects anything for each of them, where that is easier: tells how many they are. */
  rows?: Part
  /** How many they are, where that is known without counting. */
  size?: number
  /** The same as `ids`, but with one number for each, where that index is one of `persons`. */
  numbers?: Part
}

/** Which leads are asked for, and in which order, if in any. */
export type Asked = Omit<LeadQuery, 'sort' | 'descending' | 'limit' | 'after'> & Partial<Pick<LeadQuery, 'sort'>>
