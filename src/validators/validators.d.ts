// The functions that `src/build/validators.mjs` makes of the schemas: whether a value fits, and the first fault if not.
// They have no types of their own, and a module may be declared by a pattern, not by a relative name.
// oxlint-disable typescript/consistent-type-imports -- what declares modules must not import anything of ours above them

declare module '*/validators/event.js' {
  export const validate: import('ajv').ValidateFunction<import('../manifest/manifest.ts').Manifest>;
}

declare module '*/validators/roster.js' {
  export const validate: import('ajv').ValidateFunction<import('../manifest/manifest.ts').Manifest>;
}

declare module '*/validators/directory.js' {
  export const validate: import('ajv').ValidateFunction<import('../manifest/manifest.ts').Manifest>;
}

declare module '*/validators/fleet-tenant.js' {
  export const validate: import('ajv').ValidateFunction<import('../manifest/manifest.ts').Manifest>;
}

declare module '*/validators/lock.js' {
  export const validate: import('ajv').ValidateFunction<import('../manifest/lock/read-lock.ts').LockFile>;
}

declare module '*/validators/plan.js' {
  export const validate: import('ajv').ValidateFunction<import('../model/plan.ts').Plan>;
}

/** A line of a journal, by its kind. */
declare module '*/validators/journal.js' {
  type Validate = import('ajv').ValidateFunction<import('../store/journal.ts').JournalLine>;

  export const runStarted: Validate;
  export const batchStarted: Validate;
  export const batchDone: Validate;
  export const eventDone: Validate;
  export const runDone: Validate;
}
