/**
 * How the server plans the statements of `permits_1`: once a connection, instead of anew in each of the first exchanges, and so
 * that it is right for tables that grow after that, by their indexes. It takes statements whose size it cannot know for long
 * ones, and would make machine code for them.
 */
export const plans = `alter function rollcall.permits_1(jsonb, timestamptz)
  set plan_cache_mode = 'force_generic_plan' set enable_seqscan = off set jit = off;`;
