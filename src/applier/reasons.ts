import type { ChangeError } from '../model/result.ts';

/** Why a change that a plan has is not made, by the reading that the work goes on from. */

export const organizesNow: ChangeError = {
  code: 'organizer',
  message: 'organizes the event now, and an organizer is never removed',
  hint: 'Plan again.',
};

export const keptNow: ChangeError = {
  code: 'kept',
  message: 'is kept by the manifest, so it is not removed',
  hint: 'Plan again.',
};

export const heldBack: ChangeError = {
  code: 'alias',
  message: 'was added by an earlier run and is not listed, so it is not sent again',
  hint: 'Write the address that is listed.',
};

export const notLeft: ChangeError = {
  code: 'not-left',
  message: 'no longer counts as having left the organisation, so they are not removed',
  hint: 'Plan again.',
};

export const leftSincePlan: ChangeError = {
  code: 'left',
  message: 'has left the organisation since the plan was made, so they are not added',
  hint: 'Plan again.',
};
