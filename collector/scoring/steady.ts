/**
 * What one event a day comes to in the long run: p / (1 − 2^(−1/h)) for p points with a half-life of h days, just after an
 * event and before any cap. Endless for points that never fade.
 */
export const steadyState = (points: number, halfLifeDays: number | null | undefined): number =>
  points / (1 - 2 ** (-1 / (halfLifeDays ?? Infinity)))
