import { credentialNames, type ProviderId, platforms } from '../../platforms/index.ts';
import { visible } from '../../report/escape.ts';
import { type CiHost, likelyProvider, startFolder } from '../../run/init/start.ts';
import { exitCodes } from '../../run/usage-error.ts';
import type { Surroundings } from '../surroundings.ts';

export interface InitOptions {
  readonly provider?: ProviderId;
  readonly ci?: CiHost;
}

/** `rollcall init`: the first files of a folder for manifests, and what to do next. It writes over nothing. */
export function initCommand(
  { stdout, env }: Surroundings,
  folder: string,
  { provider: asked, ci }: InitOptions,
): number {
  const provider = asked ?? likelyProvider(env);
  const { written, left } = startFolder(folder, { provider, ci });
  const { title, env: names, finds } = platforms[provider];
  const byOrganizer = 'needs' in finds.calendars && finds.calendars.needs === 'organizer';
  const [search, place] = byOrganizer ? ['people NAME', '--organizer ID'] : ['calendars', '--calendar ID'];
  const here = folder === '.' ? '' : `, in ${folder}`;
  const lines = [
    ...(written.length === 0 ? ['Nothing to write.'] : ['Wrote:', ...written.map((path) => `  ${path}`)]),
    ...(left.length === 0 ? [] : ['Left as they are:', ...left.map(({ path, why }) => `  ${path} ${why}`)]),
    '',
    `Set ${credentialNames(names).join(' and ')}${asked === undefined ? ` (${title}; --provider names another platform)` : ''}.`,
    `Next${here}:`,
    `  rollcall doctor --provider ${provider}`,
    `  rollcall find ${search} --provider ${provider}`,
    `  rollcall find events --provider ${provider} ${place}`,
    `  rollcall import --provider ${provider} ${place} --event ID --out-dir manifests`,
    '  rollcall plan manifests',
  ];
  stdout.write(`${lines.map(visible).join('\n')}\n`);
  return exitCodes.done;
}
