import { kinds, matchingKeys, type Key, type Kind } from './keys.ts';

const schemasOf = (keys: Readonly<Record<string, Key>>): object =>
  Object.fromEntries(Object.entries(keys).map(([name, { schema }]) => [name, schema]));

const branch = ([name, { keys, required = [] }]: [string, Kind]): object => ({
  additionalProperties: false,
  properties: { ...schemasOf(matchingKeys), fault: { const: name }, ...schemasOf(keys) },
  required: ['fault', ...required],
});

/** The JSON Schema of a faults file. */
export const faultsSchema: object = {
  type: 'object',
  additionalProperties: false,
  properties: {
    seed: { type: 'integer', minimum: 0 },
    faults: {
      type: 'array',
      items: {
        type: 'object',
        properties: { fault: { enum: Object.keys(kinds) } },
        required: ['fault'],
        discriminator: { propertyName: 'fault' },
        oneOf: Object.entries(kinds).map(branch),
      },
    },
  },
};
