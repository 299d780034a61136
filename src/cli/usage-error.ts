export { UsageError, exitCodes } from '../run/usage-error.ts';
