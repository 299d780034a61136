import { given } from '../model/given.ts';
import type { Origin } from '../model/result.ts';
import type { Env } from '../providers/account.ts';

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
  return names.reduce((rest, name) => rest.replace(`{${name}}`, () => env[name] ?? ''), text).slice(0, 500);
}
