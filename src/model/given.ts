type Given<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };

/** The members that have a value: an optional member is absent, never `undefined`. */
export function given<T extends object>(members: T): Given<T> {
  const kept: Partial<T> = {};
  for (const key in members) if (members[key] !== undefined) kept[key] = members[key];
  // What was left out is what `Given` lets be absent; the compiler does not follow a loop.
  return kept as object as Given<T>;
}
