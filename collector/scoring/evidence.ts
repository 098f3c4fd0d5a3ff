/** How many of the won and of the lost a rule had given points to. */
export interface Evidence {
  /** Of whom it is known how it went. */
  people: number
  won: number
  lost: number
  /** ln of how much commoner it is among the won than among the lost: of those with points, and of those without. */
  weight: { with: number; without: number }
  /** How well the rule alone tells the won from the lost. Under 0.02 not at all; over 1 it may know the outcome. */
  informationValue: number
}

/**
 * Weight of evidence and information value, with half a case added to each of the four counts, so that none is endless.
 * Good 1950, "Probability and the weighing of evidence"; Siddiqi 2006, "Credit risk scorecards".
 */
export function evidenceOf(won: number, lost: number, all: { won: number; lost: number }): Evidence {
  const share = (some: number, of: number) => (some + 0.5) / (of + 1)
  const [wins, losses] = [share(won, all.won), share(lost, all.lost)]
  const weight = { with: Math.log(wins / losses), without: Math.log((1 - wins) / (1 - losses)) }
  const informationValue = (wins - losses) * (weight.with - weight.without)
  return { people: won + lost, won, lost, weight, informationValue }
}
