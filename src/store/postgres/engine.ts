// What each run needs of a shared store. It is loaded at once, because a command that begins with a store opens one file less
// for each of these, and begins sooner.

export { storeAddress } from './address.ts';
export { connect } from './connect.ts';
export { epochsOf, leaseKey, momentOf, take } from './leases.ts';
export { isCurrent, migrate, sqlForOwner } from './migrate.ts';
export { createPermits } from './permits.ts';
export { asking, makeReady, used } from './question.ts';
export { beginRun } from './runs.ts';
