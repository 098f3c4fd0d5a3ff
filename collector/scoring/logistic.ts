/** Numbers of many people, one list a column, all of one length. */
export type Columns = readonly Float64Array[]

/** Logistic regression as far as it has come: the first weight is the intercept. */
export interface Fit {
  weights: Float64Array
  /** Of the data under these weights, before the step was taken. */
  logLikelihood: number
  /** The largest step that any weight took; the fit is done when it is next to nothing. */
  change: number
}

export const startFit = (columns: Columns): Fit => ({
  weights: new Float64Array(columns.length + 1),
  logLikelihood: -Infinity,
  change: Infinity,
})

export const MAX_STEPS = 30
export const isDone = ({ change }: Fit): boolean => change < 1e-7

/**
 * One step of Newton's method, penalised by `ridge`/2 · Σ weight² (the intercept is free), so that there is always one best
 * answer, also when a column tells the won from the lost without fail. Hastie, Tibshirani, Friedman, ESL, 4.4.
 */
export function fitStep(columns: Columns, won: Uint8Array, { weights }: Fit, ridge: number): Fit {
  const size = weights.length
  const gradient = new Float64Array(size)
  const hessian = Array.from({ length: size }, () => new Float64Array(size))
  const chances = new Float64Array(won.length)
  const spread = new Float64Array(won.length)
  let logLikelihood = 0
  for (let row = 0; row < won.length; row++) {
    let sum = weights[0]!
    for (let j = 1; j < size; j++) sum += weights[j]! * columns[j - 1]![row]!
    const chance = 1 / (1 + Math.exp(-sum))
    chances[row] = won[row]! - chance
    spread[row] = Math.max(chance * (1 - chance), 1e-12)
    // ln(1 + e^x), without overflow
    logLikelihood += won[row]! * sum - (Math.max(sum, 0) + Math.log1p(Math.exp(-Math.abs(sum))))
  }
  for (let j = 0; j < size; j++) {
    const one = j === 0 ? null : columns[j - 1]!
    let slope = 0
    for (let row = 0; row < won.length; row++) slope += chances[row]! * (one?.[row] ?? 1)
    gradient[j] = slope - (j === 0 ? 0 : ridge * weights[j]!)
    for (let k = 0; k <= j; k++) {
      const two = k === 0 ? null : columns[k - 1]!
      let bend = j === k && j > 0 ? ridge : 0
      for (let row = 0; row < won.length; row++) bend += spread[row]! * (one?.[row] ?? 1) * (two?.[row] ?? 1)
      hessian[j]![k] = bend
    }
  }
  const step = solve(hessian, gradient)
  // A step that would throw a weight far off is shortened: the penalised likelihood has no second top to land on.
  const largest = Math.max(...step.map(Math.abs))
  const scale = largest > 5 ? 5 / largest : 1
  return { weights: weights.map((weight, j) => weight + scale * step[j]!), logLikelihood, change: largest }
}

/** Solves a symmetric, positive definite system of which the lower half is given, by Cholesky's method. */
function solve(lower: readonly Float64Array[], right: Float64Array): Float64Array {
  const size = right.length
  const root = lower.map(row => Float64Array.from(row))
  for (let j = 0; j < size; j++) {
    for (let k = 0; k <= j; k++) {
      let sum = root[j]![k]!
      for (let i = 0; i < k; i++) sum -= root[j]![i]! * root[k]![i]!
      root[j]![k] = j === k ? Math.sqrt(Math.max(sum, 1e-12)) : sum / root[k]![k]!
    }
  }
  const found = Float64Array.from(right)
  for (let j = 0; j < size; j++) {
    for (let i = 0; i < j; i++) found[j]! -= root[j]![i]! * found[i]!
    found[j]! /= root[j]![j]!
  }
  for (let j = size - 1; j >= 0; j--) {
    for (let i = j + 1; i < size; i++) found[j]! -= root[i]![j]! * found[i]!
    found[j]! /= root[j]![j]!
  }
  return found
}
