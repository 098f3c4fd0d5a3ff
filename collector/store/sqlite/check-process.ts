// Checks the database that its argument names, and prints the first thing that is wrong with it.
import { findDamage } from './check.ts'

process.stdout.write(findDamage(process.argv[2] ?? '') ?? '')
