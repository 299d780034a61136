import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { labelMeanings } from '../src/review/comment.ts';
import { root } from './support/cli.ts';
import { workflowLinter } from './support/workflow-linter.ts';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const page = read('docs/ci.md');
const [workflow = '', hooks = ''] = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text]) => text);

describe('docs/ci.md', () => {
  it('has each recipe', () => {
    const recipes = readdirSync(join(root, 'examples/ci')).filter((file) => !file.endsWith('.sh'));
    expect(recipes.filter((file) => !page.includes(`](../examples/ci/${file})`))).toEqual([]);
  });

  it('shows a workflow that GitHub takes, with inputs and outputs that the action has', async () => {
    expect(await (await workflowLinter())('docs-ci.yml', workflow)).toEqual([]);
    // Files of ours, of these shapes.
    const { jobs } = parse(workflow) as {
      readonly jobs: { readonly plan: { readonly steps: readonly { readonly with?: object }[] } };
    };
    const { inputs, outputs } = parse(read('action.yml')) as {
      readonly inputs: object;
      readonly outputs: object;
    };
    const given = jobs.plan.steps.flatMap((step) => Object.keys(step.with ?? {}));
    expect(given.length).toBeGreaterThan(2);
    expect(given.filter((name) => !(name in inputs))).toEqual([]);
    const [, about = ''] = page.split('\n## The action\n');
    for (const name of [...Object.keys(inputs), ...Object.keys(outputs)]) expect(about).toContain(name);
  });

  it('shows a hook that there is', () => {
    const { repos } = parse(hooks) as {
      readonly repos: readonly { readonly hooks: readonly { readonly id: string }[] }[];
    };
    const named = repos.flatMap((repo) => repo.hooks.map(({ id }) => id));
    const there = (parse(read('.pre-commit-hooks.yaml')) as readonly { readonly id: string }[]).map(
      ({ id }) => id,
    );
    expect(named).toEqual(there);
  });

  it('names each label', () => {
    const named = [...page.matchAll(/`rollcall: ([a-z ]+)`/g)].map(([, label]) => label);
    expect(named).toEqual(Object.keys(labelMeanings));
  });

  it('names the version that there is', () => {
    const { version } = JSON.parse(read('package.json')) as { readonly version: string };
    const named = page.match(/(?<=[@/ -]v?)\d+\.\d+\.\d+(?=\b)/g) ?? [];
    expect(named.length).toBeGreaterThan(3);
    expect(new Set(named)).toEqual(new Set([version]));
  });
});
