import { behaviourSchema } from './behaviour.ts';
import { checkOrganisation, organisationSchemas } from './organisation.ts';
import { emulated } from './platforms.ts';
import { compileSchema, readYaml, type Validate } from './read-yaml.ts';
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

const tenantSchema = record({
  apps: list(record({ id: text, secret: text, bot: flag, scopes: list(text) }, ['id', 'secret'])),
  tokens: list(text),
  behaviour: behaviourSchema,
  ...organisationSchemas,
  ...Object.fromEntries(
    emulated.flatMap(({ id, tenant }) => (tenant === undefined ? [] : [[id, tenant.schema]])),
  ),
});

/** Compiled once: that takes longer than all else about starting a server. */
const validateTenant: Validate = compileSchema(tenantSchema);

/**
 * Reads a tenant file strictly: unknown keys, duplicate ids and wrong types are errors.
 *
 * @throws {TenantError} with every problem that was found.
 */
export function parseTenant(text: string, file: string): Tenant {
  const { value, problems, at } = readYaml(text, file, validateTenant);
  if (problems.length > 0) throw new TenantError(problems);
  // readYaml checked the value against the schema that mirrors this type.
  const tenant = (value ?? {}) as Tenant;
  const found: string[] = [];
  const report: Report = (path, message) => found.push(`${at(path)}: ${message}`);
  checkOrganisation(tenant, report);
  for (const { tenant: part } of emulated) part?.check(tenant, report);
  if (found.length > 0) throw new TenantError(found);
  return tenant;
}
