/**
 * What a platform says of somebody and the organisation. `unverifiable` is all that is neither: nobody of this id, outside
 * of what the app may see, a bot, no permission. It is never taken for `left`.
 */
export type Standing = KnownStanding | 'unverifiable';

/** What a platform says where it says anything. */
export type KnownStanding = 'active' | 'leaving' | 'left';

/** How one person stands, by the user id that an event knows them under. */
export type StandingOf = (userId: string) => Standing;

/** Where nobody is asked. */
export const nobodyAsked: StandingOf = () => 'unverifiable';
