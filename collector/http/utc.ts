export { utc, utcOrNull } from '../../shared/utc.ts'
