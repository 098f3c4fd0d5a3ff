/** AUC by its definition: the share of pairs of won and lost that are the right way round, ties counting half; `null` without pairs. */
export function pairwise(people: readonly { score: number; won: boolean }[]): number | null {
  const won = people.filter(person => person.won)
  const lost = people.filter(person => !person.won)
  if (won.length * lost.length === 0) return null
  const wins = won.flatMap(a => lost.map((b): number => (a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0)))
  return wins.reduce((sum, win) => sum + win, 0) / wins.length
}
