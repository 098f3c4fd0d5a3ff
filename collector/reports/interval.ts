export { rateOf, type Rate } from '../../shared/interval.ts'
