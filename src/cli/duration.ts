export { durationMs, shownDuration } from '../run/duration.ts';
