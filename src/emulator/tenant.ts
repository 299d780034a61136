import { behaviourSchema, filledIn } from './behaviour.ts';
import { checkOrganisation, organisationSchemas, organisationWords } from './organisation.ts';
import { emulated } from './platforms.ts';
import { checkValue, compileSchema, readYaml, type Validate } from './read-yaml.ts';
import { flag, list, record, text, type Report, type Tenant } from './tenant-parts.ts';

/** A tenant file that cannot be served. Each problem starts with `file:line:column:`. */
export class TenantError extends Error {
  override readonly name = 'TenantError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

const app = record({ id: text, secret: text, bot: flag, scopes: list(text) }, ['id', 'secret'], {
  id: ['The app id{appId}.', 'cli_demo'],
  secret: ['The app secret.', 'demo-secret'],
  bot: ['False: an app without the bot ability, which cannot list the members of chats.'],
  scopes: ['The permissions that it was granted, by their codes; absent, all.', ['calendar:calendar']],
});
const organisations = emulated.flatMap(({ organisation = [] }) => organisation);

/** What a tenant file may hold: the platforms' parts are those of their registrations. */
export const tenantSchema: object = filledIn({
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://rollcall.dev/schemas/tenant.schema.json',
  description: 'What the embedded platform starts with: who may call, and what there is.',
  ...record(
    {
      apps: list(app),
      tokens: list(text),
      behaviour: behaviourSchema,
      ...organisationSchemas(organisations),
      ...Object.fromEntries(
        emulated.flatMap(({ id, tenant }) => (tenant === undefined ? [] : [[id, tenant.schema]])),
      ),
    },
    [],
    {
      apps: ['Apps whose id and secret buy access tokens.', [{ id: 'cli_demo', secret: 'demo-secret' }]],
      tokens: ['Access tokens that are there from the start.', ['u-demo']],
      behaviour: ['How the server answers where the API pages leave it open.', { readLag: '2s' }],
      ...organisationWords(organisations),
    },
  ),
});

/** Compiled once: that takes longer than all else about starting a server. */
const validateTenant: Validate = compileSchema(tenantSchema);

/**
 * Reads a tenant file strictly, by its text or by the value of that: unknown keys, duplicate ids and wrong types are
 * errors.
 *
 * @throws {TenantError} with every problem that was found.
 */
export function parseTenant(given: string | object, file: string): Tenant {
  const { value, problems, at } =
    typeof given === 'string' ? readYaml(given, file, validateTenant) : checkValue(given, validateTenant);
  if (problems.length > 0) throw new TenantError(problems);
  // The value was checked against the schema that mirrors this type.
  const tenant = (value ?? {}) as Tenant;
  const found: string[] = [];
  const report: Report = (path, message) => found.push(`${at(path)}: ${message}`);
  checkOrganisation(tenant, organisations, report);
  for (const { tenant: part } of emulated) part?.check(tenant, report);
  if (found.length > 0) throw new TenantError(found);
  return tenant;
}
