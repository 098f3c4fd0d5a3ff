/** Scored people of whom it is known how it went. */
export interface Scored {
  score: number
  won: boolean
}

/**
 * How often somebody who was won scored higher than somebody who was lost, ties counting half: 0.5 is chance, 1 perfect.
 * Mann–Whitney's U over the number of pairs. `null` unless there are both.
 */
export function auc(people: readonly Scored[]): number | null {
  const sorted = people.toSorted((a, b) => a.score - b.score)
  const won = people.filter(person => person.won).length
  const pairs = won * (people.length - won)
  if (pairs === 0) return null
  let lostBelow = 0
  let wins = 0
  for (const tied of runs(sorted)) {
    const wonHere = tied.filter(person => person.won).length
    const lostHere = tied.length - wonHere
    wins += wonHere * (lostBelow + lostHere / 2)
    lostBelow += lostHere
  }
  return wins / pairs
}

/** A tenth of the people, the highest scores first. */
export interface Gain {
  decile: number
  people: number
  won: number
  /** Of all that were won, the share that is in this or a higher tenth. */
  wonSoFar: number
  /** The share that was won here ÷ that of everybody. */
  lift: number
}

/** Ten equal parts by score. Whoever ties across a border belongs to both sides in equal measure, so counts may be fractions. */
export function gains(people: readonly Scored[]): Gain[] {
  const all = people.filter(person => person.won).length
  if (all === 0 || people.length === 0) return []
  const size = people.length / 10
  const won = Array.from({ length: 10 }, () => 0)
  let from = 0
  for (const tied of runs(people.toSorted((a, b) => b.score - a.score))) {
    const rate = tied.filter(person => person.won).length / tied.length
    const to = from + tied.length
    for (let decile = Math.floor(from / size); decile < 10 && decile * size < to; decile++)
      won[decile]! += rate * (Math.min(to, (decile + 1) * size) - Math.max(from, decile * size))
    from = to
  }
  let soFar = 0
  return won.map((here, index) => {
    soFar += here
    return {
      decile: index + 1,
      people: size,
      won: here,
      wonSoFar: soFar / all,
      lift: here / size / (all / people.length),
    }
  })
}

/** Neighbours of equal score together. */
function* runs(sorted: readonly Scored[]): Generator<readonly Scored[]> {
  for (let from = 0; from < sorted.length;) {
    let to = from + 1
    while (to < sorted.length && sorted[to]!.score === sorted[from]!.score) to++
    yield sorted.slice(from, to)
    from = to
  }
}
