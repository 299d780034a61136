import type { ProviderId } from '../../platforms/index.ts';
import type { SmokeResult } from './smoke.ts';

/**
 * What a smoke test found, as the part of a tenant file that makes the embedded platform do the same. It is made of names
 * and values of switches, of our own sentences and of documented codes: it names nobody.
 */
export function smokeYaml(
  { notes, ended }: SmokeResult,
  {
    version,
    provider,
    calls,
  }: { readonly version: string; readonly provider: ProviderId; readonly calls: number },
): string {
  const rows = [...notes].sort(([one], [two]) => (one < two ? -1 : 1));
  const known = rows.flatMap(([name, note]) => ('value' in note ? [`  ${name}: ${note.value}`] : []));
  const open = rows.flatMap(([name, note]) =>
    'because' in note ? [`  # ${name}: not known: ${note.because}`] : [],
  );
  return [
    `# rollcall ${version}: smoke --provider ${provider}, ${calls} calls${ended === 'done' ? '' : ', ended before its end'}`,
    known.length === 0 ? 'behaviour: {}' : 'behaviour:',
    ...known,
    ...open,
    '',
  ].join('\n');
}
