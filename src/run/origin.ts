import { given } from '../model/given.ts';
import type { Origin } from '../model/result.ts';
import type { Env } from '../providers/account.ts';
import { UsageError } from './usage-error.ts';

/** What each CI says of a job, where a variable shows that it is the one: `{NAME}` is a variable. */
const sources: readonly (readonly [when: string, Readonly<Record<keyof Origin, string>>])[] = [
  [
    // https://docs.github.com/en/actions/reference/workflows-and-actions/variables
    'GITHUB_RUN_ID',
    {
      commit: '{GITHUB_SHA}',
      repository: '{GITHUB_REPOSITORY}',
      job: '{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}',
      actor: '{GITHUB_ACTOR}',
    },
  ],
  [
    // https://docs.gitlab.com/ci/variables/predefined_variables/
    'CI_JOB_URL',
    {
      commit: '{CI_COMMIT_SHA}',
      repository: '{CI_PROJECT_PATH}',
      job: '{CI_JOB_URL}',
      actor: '{GITLAB_USER_LOGIN}',
    },
  ],
  [
    // https://help.gitee.com/gitee-go/pipeline/parameter
    'GITEE_PIPELINE_NAME',
    {
      commit: '{GITEE_COMMIT}',
      repository: '{GITEE_REPO}',
      job: '{GITEE_PIPELINE_NAME} {GITEE_PIPELINE_BUILD_NUMBER}',
      actor: '{GITEE_PIPELINE_TRIGGER_USER}',
    },
  ],
  [
    // https://help.aliyun.com/zh/yunxiao/user-guide/environment-variables
    'PIPELINE_ID',
    {
      commit: '{CI_COMMIT_SHA}',
      repository: '{CI_SOURCE_NAME}',
      job: 'https://flow.aliyun.com/pipelines/{PIPELINE_ID}/builds/{BUILD_NUMBER}',
      actor: '{BUILD_EXECUTOR}',
    },
  ],
  [
    // https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#using-environment-variables
    'BUILD_URL',
    {
      commit: '{GIT_COMMIT}',
      repository: '{GIT_URL}',
      job: '{BUILD_URL}',
      actor: '{BUILD_USER_ID}',
    },
  ],
];

/** Whose work a run is, as the CI's variables say; `ROLLCALL_COMMIT` says it where nothing else does. */
export function originOf(env: Env): Origin {
  const [, source = none] = sources.find(([when]) => (env[when] ?? '') !== '') ?? [];
  const { commit, repository, job, actor } = source;
  return {
    ...given({ commit: filled(commit, env) ?? filled('{ROLLCALL_COMMIT}', env) }),
    ...given({ repository: filled(repository, env)?.replace(/^(https?:\/\/)[^/@]*@/, '$1') }),
    ...given({ job: filled(job, env), actor: filled(actor, env) }),
  };
}

const none: Readonly<Record<keyof Origin, string>> = { commit: '', repository: '', job: '', actor: '' };

/** A text with its variables filled in; nothing where one is not set. */
function filled(text: string, env: Env): string | undefined {
  const names = [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  if (names.length === 0 || names.some((name) => (env[name] ?? '') === '')) return undefined;
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => env[name] ?? '').slice(0, 500);
}

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
  return pipelines.map((pattern) => filled(pattern, env)).find((key) => key !== undefined) ?? null;
}
