import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { root } from './support/cli.ts';
import { has } from './support/recipes.ts';

const file = join(root, 'examples/fleet/job.yaml');

interface Container {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

interface Pods {
  readonly terminationGracePeriodSeconds?: number;
  readonly containers: readonly [Container];
  readonly volumes?: readonly {
    readonly name: string;
    readonly projected?: {
      readonly sources: readonly {
        readonly secret: { readonly items: readonly { readonly path: string }[] };
      }[];
    };
  }[];
}

interface JobSpec {
  readonly completions?: number;
  readonly parallelism?: number;
  readonly template: { readonly spec: Pods };
}

interface Document {
  readonly kind: 'Job' | 'CronJob';
  readonly metadata: object;
  readonly spec: JobSpec & { readonly jobTemplate: { readonly spec: JobSpec } };
}

/** An object of these members and no others; those that end with `!` have to be there. */
function object(members: Readonly<Record<string, object>>): object {
  const names = Object.entries(members).map(([name, type]) => [name.replace(/!$/, ''), type] as const);
  const required = Object.keys(members).flatMap((name) => (name.endsWith('!') ? [name.slice(0, -1)] : []));
  return { type: 'object', additionalProperties: false, required, properties: Object.fromEntries(names) };
}

const list = (items: object): object => ({ type: 'array', items, minItems: 1 });
const oneOf = (...values: readonly unknown[]): object => ({ enum: values });
const text = { type: 'string', minLength: 1 };
const label = { type: 'string', pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', maxLength: 63 };
const count = { type: 'integer', minimum: 1 };
const size = object({ cpu: text, memory: text });

/** What the API has of all that the file uses: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/ */
const container = object({
  'name!': label,
  'image!': text,
  'args!': list(text),
  'env!': list({
    oneOf: [
      object({ 'name!': text, 'value!': text }),
      object({ 'name!': text, 'valueFrom!': object({ 'fieldRef!': object({ 'fieldPath!': text }) }) }),
      object({
        'name!': text,
        'valueFrom!': object({ 'secretKeyRef!': object({ 'name!': label, 'key!': text }) }),
      }),
    ],
  }),
  resources: object({ requests: size, limits: size }),
  'securityContext!': object({
    'allowPrivilegeEscalation!': oneOf(false),
    'readOnlyRootFilesystem!': oneOf(true),
    'capabilities!': object({ 'drop!': oneOf(['ALL']) }),
  }),
  volumeMounts: list(object({ 'name!': label, 'mountPath!': text, readOnly: { type: 'boolean' } })),
});
const secret = object({ 'name!': label, 'items!': list(object({ 'key!': text, 'path!': text })) });
const pods = object({
  // Another value is refused where there is a podFailurePolicy, and begins a container anew in the same pod.
  'restartPolicy!': oneOf('Never'),
  terminationGracePeriodSeconds: count,
  'automountServiceAccountToken!': oneOf(false),
  'securityContext!': object({
    'runAsNonRoot!': oneOf(true),
    'runAsUser!': count,
    fsGroup: count,
    'seccompProfile!': object({ 'type!': oneOf('RuntimeDefault') }),
  }),
  'containers!': { ...list(container), maxItems: 1 },
  volumes: list({
    oneOf: [
      object({ 'name!': label, 'emptyDir!': object({}) }),
      object({
        'name!': label,
        'projected!': object({
          'defaultMode!': oneOf(0o440),
          'sources!': list(object({ 'secret!': secret })),
        }),
      }),
    ],
  }),
});
const job = object({
  completionMode: oneOf('Indexed'),
  completions: count,
  parallelism: count,
  backoffLimit: count,
  backoffLimitPerIndex: count,
  podFailurePolicy: object({
    'rules!': list({
      oneOf: [
        object({
          'action!': oneOf('FailIndex'),
          'onExitCodes!': object({
            'containerName!': label,
            'operator!': oneOf('In'),
            'values!': list({ type: 'integer', minimum: 1, maximum: 255 }),
          }),
        }),
        object({
          'action!': oneOf('Ignore'),
          'onPodConditions!': list(object({ 'type!': oneOf('DisruptionTarget'), 'status!': oneOf('True') })),
        }),
      ],
    }),
  }),
  'activeDeadlineSeconds!': count,
  ttlSecondsAfterFinished: count,
  'template!': object({ 'spec!': pods }),
});
const schema = {
  oneOf: [
    object({
      'apiVersion!': oneOf('batch/v1'),
      'kind!': oneOf('Job'),
      'metadata!': object({ 'generateName!': text }),
      'spec!': job,
    }),
    object({
      'apiVersion!': oneOf('batch/v1'),
      'kind!': oneOf('CronJob'),
      'metadata!': object({ 'name!': label }),
      'spec!': object({
        'schedule!': { type: 'string', pattern: '^(\\S+ ){4}\\S+$' },
        'concurrencyPolicy!': oneOf('Forbid'),
        startingDeadlineSeconds: count,
        successfulJobsHistoryLimit: count,
        failedJobsHistoryLimit: count,
        'jobTemplate!': object({ 'spec!': job }),
      }),
    }),
  ],
};

const documents = parseAllDocuments(readFileSync(file, 'utf8'), { uniqueKeys: true, version: '1.1' });
// They are held against the schema above.
const objects = documents.map((document) => document.toJS() as Document);
const specs = objects.map(({ kind, spec }) => (kind === 'Job' ? spec : spec.jobTemplate.spec));
const fleets = specs.filter(({ template }) => template.spec.containers[0].args[0] === 'fleet');

describe('the Jobs of a fleet on Kubernetes', () => {
  it('are what its API takes, without a member that it does not know', () => {
    expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
    const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false });
    const isTaken = ajv.compile(schema);
    for (const one of objects) expect([isTaken(one), isTaken.errors]).toEqual([true, null]);
    expect(objects.map(({ kind }) => kind)).toEqual(['Job', 'CronJob', 'CronJob']);
    if (has('kubectl')) {
      // It reads them into the types of the API, and leaves out what those do not have.
      const args = ['annotate', '--local', '-f', file, 'a=b', '-o', 'yaml'];
      const read = parseAllDocuments(execFileSync('kubectl', args, { encoding: 'utf8' }));
      expect(read.map((document): unknown => document.toJS())).toMatchObject(objects);
    }
  });

  it('bring replicas that are killed back, and none that has ended by itself', () => {
    expect(fleets).toHaveLength(2);
    for (const spec of fleets) {
      expect(spec).toMatchObject({ completionMode: 'Indexed', backoffLimitPerIndex: 3 });
      expect(spec.completions).toBe(spec.parallelism);
      expect(spec).toHaveProperty('podFailurePolicy.rules.0.onExitCodes', {
        containerName: 'rollcall',
        operator: 'In',
        values: [1, 2, 3, 4],
      });
      // A call may take a minute, and the end of a run 5 s more.
      expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(65);
    }
  });

  it('name a run of their own, which all of their replicas name alike', () => {
    for (const { template } of fleets) {
      const [{ args, env }] = template.spec.containers;
      expect(args[args.indexOf('--run') + 1]).toBe('$(RUN)');
      const fieldPath = "metadata.labels['batch.kubernetes.io/job-name']";
      expect(env).toContainEqual({ name: 'RUN', valueFrom: { fieldRef: { fieldPath } } });
    }
  });

  it('have no secret among their variables but the store, and those of tenants as files', () => {
    for (const { template } of specs) {
      const { containers, volumes = [] } = template.spec;
      const [{ env, volumeMounts = [] }] = containers;
      const own = env.filter(({ name }) => name !== 'RUN' && name !== 'ROLLCALL_COMMIT');
      expect(own).toEqual([
        { name: 'ROLLCALL_STORE', valueFrom: { secretKeyRef: { name: 'rollcall-store', key: 'url' } } },
      ]);
      expect(volumes.map(({ name }) => name)).toEqual(volumeMounts.map(({ name }) => name));
      const tenants = volumes.find(({ name }) => name === 'tenants');
      const paths = tenants?.projected?.sources.flatMap((source) =>
        source.secret.items.map(({ path }) => path),
      );
      if (fleets.some((fleet) => fleet.template === template)) {
        expect(volumeMounts[0]).toEqual({
          name: 'tenants',
          mountPath: '/run/secrets/rollcall',
          readOnly: true,
        });
        expect(paths).toEqual([
          'acme/FEISHU_APP_ID',
          'acme/FEISHU_APP_SECRET',
          'globex/DINGTALK_APP_KEY',
          'globex/DINGTALK_APP_SECRET',
        ]);
      } else expect(paths).toBeUndefined();
    }
  });
});

describe('the units of a fleet for systemd', () => {
  const unit = readFileSync(join(root, 'examples/fleet/rollcall-fleet.service'), 'utf8');

  it('make a folder of files for each tenant, of credentials that systemd loads', () => {
    const [, quoted = ''] = /^ExecStartPre=\/bin\/sh -ec '(.*)'$/m.exec(unit) ?? [];
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-units-'));
    const [loaded, tenants] = [join(folder, 'loaded'), join(folder, 'tenants')];
    mkdirSync(loaded);
    mkdirSync(tenants);
    const credentials = {
      acme_FEISHU_APP_ID: 'cli_a',
      acme_FEISHU_APP_SECRET: 'one two',
      'globex.eu_DINGTALK_APP_KEY': 'ding',
      pgpass: 'none of a tenant',
    };
    for (const [name, value] of Object.entries(credentials)) writeFileSync(join(loaded, name), value);
    // As systemd hands it to the shell.
    const script = quoted.replaceAll('$$', '$').replaceAll('%%', '%');
    const env = { PATH: process.env['PATH'], CREDENTIALS_DIRECTORY: loaded, ROLLCALL_TENANTS: tenants };
    execFileSync('/bin/sh', ['-ec', script], { env });
    const found = readdirSync(tenants, { recursive: true, encoding: 'utf8' }).sort();
    expect(found).toEqual([
      'acme',
      'acme/FEISHU_APP_ID',
      'acme/FEISHU_APP_SECRET',
      'globex.eu',
      'globex.eu/DINGTALK_APP_KEY',
    ]);
    expect(readFileSync(join(tenants, 'acme/FEISHU_APP_SECRET'), 'utf8')).toBe('one two');
  });

  it('hold no secret, and are units', () => {
    expect(unit).not.toMatch(/^Environment=.*(SECRET|PASSWORD|TOKEN|:[^/\s]+@)/m);
    if (!has('systemd-analyze')) return;
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-units-'));
    const service = join(folder, 'rollcall-fleet.service');
    // It looks whether the program is there.
    writeFileSync(service, unit.replace('/usr/bin/rollcall', '/bin/sh'));
    const timer = join(folder, 'rollcall-fleet.timer');
    writeFileSync(timer, readFileSync(join(root, 'examples/fleet/rollcall-fleet.timer')));
    const said = execFileSync('systemd-analyze', ['verify', service, timer], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(said).toBe('');
  });
});
