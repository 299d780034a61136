import type { Env } from '../../providers/account.ts';
import { UsageError } from '../usage-error.ts';

/** What each CI calls a pipeline, the same for all of its jobs: `{NAME}` is a variable. */
const pipelines: readonly string[] = [
  // A job that is run again is another attempt of the same run.
  'github-{GITHUB_RUN_ID}-{GITHUB_RUN_ATTEMPT}',
  'gitlab-{CI_PIPELINE_ID}',
  'gitee-{GITEE_PIPELINE_NAME}-{GITEE_PIPELINE_BUILD_NUMBER}',
  'yunxiao-{PIPELINE_ID}-{BUILD_NUMBER}',
  // `jenkins-JOB-NUMBER`
  '{BUILD_TAG}',
];

/**
 * What the run is called: as it was asked for, else after the pipeline; null where nothing says so.
 *
 * @throws UsageError for a key that cannot be one
 */
export function runKey(asked: string | undefined, env: Env): string | null {
  const key = asked ?? pipelineIn(env);
  if (key === null || /^[^\p{Cc}\p{Cs}]{1,200}$/u.test(key)) return key;
  throw new UsageError(
    asked === undefined ? "the pipeline's id cannot name a run" : '--run cannot name a run like that',
    'Give it 1 to 200 characters on one line, the same for all replicas, like nightly-2026-11-30.',
  );
}

function pipelineIn(env: Env): string | null {
  for (const pattern of pipelines) {
    const names = [...pattern.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    if (names.some((name) => (env[name] ?? '') === '')) continue;
    return pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => env[name] ?? '');
  }
  return null;
}
