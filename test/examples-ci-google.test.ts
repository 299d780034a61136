import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Ran, folderWith } from './support/cli.ts';
import { bash, recipe, workflow } from './support/recipes.ts';

const readOnly = 'calendar.events.owned.readonly';
const write = 'calendar.events.owned';

/** Answers as Google does, and keeps what it was asked: the command line, and what was handed to it by a pipe. */
const curl = `
printf '%s\\n' "$*" >>"$ASKED/lines"
cat >>"$ASKED/pipe"
case $* in
  *"$REFUSES"*) exit 22 ;;
  *sts.googleapis.com*) echo '{"access_token":"CNRYpool"}' ;;
  *signJwt*) echo '{"signedJwt":"CNRYjwt"}' ;;
  *) echo '{"access_token":"CNRYtoken"}' ;;
esac`;

describe('a token without a key on GitLab', () => {
  let asked: string;
  beforeEach(() => {
    asked = folderWith({ lines: '', pipe: '' });
  });

  const read = (file: string): string => readFileSync(join(asked, file), 'utf8');
  function token(
    scope: string,
    refuses = 'nothing',
    more: Readonly<Record<string, string>> = {},
  ): Promise<Ran> {
    return bash(`${recipe('google-token.sh')}\ntoken=$(google_token ${scope})\necho "$token"`, {
      cwd: asked,
      standIns: { curl, ...more },
      env: {
        ASKED: asked,
        REFUSES: refuses,
        GOOGLE_IDENTITY_PROVIDER:
          'projects/1/locations/global/workloadIdentityPools/gitlab/providers/rollcall',
        GOOGLE_ID_TOKEN: 'CNRYidentity',
        GOOGLE_ACCOUNT: 'plan@my-project.iam.gserviceaccount.com',
        GOOGLE_ORGANIZER: 'lead@corp.com',
      },
    });
  }

  it('is bought by exchanging the identity of the job, for one person and one scope, and stands in no command line', async () => {
    expect(await token(readOnly)).toMatchObject({ code: 0, stdout: 'CNRYtoken\n', stderr: '' });
    const [, payload = ''] = /--data (\{.*\})/.exec(read('lines')) ?? [];
    // As the page of signJwt has it: the claims are text in it.
    const { payload: claims } = JSON.parse(payload) as { payload: string };
    expect(JSON.parse(claims)).toEqual({
      iss: 'plan@my-project.iam.gserviceaccount.com',
      sub: 'lead@corp.com',
      scope: `https://www.googleapis.com/auth/${readOnly}`,
      aud: 'https://oauth2.googleapis.com/token',
      iat: expect.any(Number),
      exp: expect.any(Number),
    });
    expect(read('pipe')).toContain(
      'audience=//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/gitlab/providers/rollcall',
    );
    expect(read('lines')).not.toContain('CNRY');
    for (const secret of ['CNRYidentity', 'CNRYpool', 'CNRYjwt']) expect(read('pipe')).toContain(secret);
  });

  it('is none where the first is refused, and the job ends', async () => {
    const { code, stdout } = await token(write, 'sts.googleapis.com');
    expect([code === 0, stdout]).toEqual([false, '']);
  });

  // What reads an answer fails for an empty one, as the test before this has it; Node itself takes its time to do so.
  const node = 'read -r answer || [ -n "$3" ] || exit 1; echo "${answer:-claims}"';
  it.each(['signJwt', 'oauth2.googleapis.com/token'])(
    'is none where %s refuses, and the job ends',
    async (refuses) => {
      expect(await token(write, 'nothing', { node })).toMatchObject({ code: 0 });
      const { code, stdout } = await token(write, refuses, { node });
      expect([code === 0, stdout]).toEqual([false, '']);
      expect(read('lines')).toContain(refuses);
    },
  );
});

describe('who may write', () => {
  it('on GitHub is the job on the protected branch alone, by an account of its own', () => {
    const { jobs } = workflow('github-google.yml');
    const signing = (job: string): unknown =>
      jobs[job]?.steps.find(({ uses }) => uses?.startsWith('google-github-actions/'))?.with;
    expect(signing('plan')).toMatchObject({
      access_token_scopes: `https://www.googleapis.com/auth/${readOnly}`,
      service_account: '${{ vars.GOOGLE_PLAN_ACCOUNT }}',
      create_credentials_file: false,
    });
    expect(signing('apply')).toMatchObject({
      access_token_scopes: `https://www.googleapis.com/auth/${write}`,
      service_account: '${{ vars.GOOGLE_APPLY_ACCOUNT }}',
    });
    expect([jobs['plan']?.environment, jobs['apply']?.environment]).toEqual([undefined, 'rollcall-apply']);
    expect(recipe('github-google.yml')).not.toContain('secrets.');
  });

  it('on GitLab is the job on the protected branch alone, by an account of its own', () => {
    const jobs = parse(recipe('gitlab-google.yml')) as Record<
      string,
      { script: string[]; variables: object }
    >;
    for (const [job, account, scope] of [
      ['plan', '$GOOGLE_PLAN_ACCOUNT', readOnly],
      ['drift', '$GOOGLE_PLAN_ACCOUNT', readOnly],
      ['apply', '$GOOGLE_APPLY_ACCOUNT', write],
    ] as const) {
      expect(jobs[job]?.variables).toMatchObject({ GOOGLE_ACCOUNT: account });
      expect(jobs[job]?.script).toContain(`GOOGLE_ACCESS_TOKEN=$(google_token ${scope})`);
    }
  });
});
