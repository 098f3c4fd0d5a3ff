import type { Session } from './sessions.ts'

/** A back-test done by hand: a score for each row of the file, and counting. */
export function byHand(sessions: readonly Session[], scoreOf: (session: Session) => number) {
  const scored = sessions.map(session => ({ score: scoreOf(session), won: session.bought }))
  const won = scored.filter(one => one.won).map(({ score }) => score)
  const lost = scored.filter(one => !one.won).map(({ score }) => score)
  const wins = won.reduce(
    (sum, score) => sum + lost.reduce((more, other) => more + (score > other ? 1 : score === other ? 0.5 : 0), 0),
    0,
  )
  return {
    won: won.length,
    lost: lost.length,
    auc: wins / (won.length * lost.length),
    at(threshold: number) {
      const truePositives = won.filter(score => score >= threshold).length
      const falsePositives = lost.filter(score => score >= threshold).length
      const flagged = truePositives + falsePositives
      const precision = flagged === 0 ? null : truePositives / flagged
      const recall = truePositives / won.length
      const lift = precision === null ? null : precision / (won.length / scored.length)
      return { threshold, flagged, truePositives, falsePositives, precision, recall, lift }
    },
  }
}
