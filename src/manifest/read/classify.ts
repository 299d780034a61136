import { plain, type Said, say } from '../../model/say.ts';
import { apiVersion, isRecord, type Kind, kinds } from '../manifest.ts';
import { didYouMean } from '../nearest.ts';

/** What a document is: a manifest, something else, or a manifest that says it wrongly. */
export type Classified =
  | { readonly is: 'manifest'; readonly kind: Kind }
  | { readonly is: 'empty' }
  | { readonly is: 'foreign'; readonly message: Said; readonly hint: Said }
  | {
      readonly is: 'wrong';
      readonly key: string;
      readonly code: string;
      readonly message: Said;
      readonly hint: Said;
    };

/** The text that marks a file as ours, whatever its version. */
export const marker = 'rollcall.dev/';

/** Says what a document is, by its `apiVersion` and `kind` alone. */
export function classify(value: unknown): Classified {
  if (value === null) return { is: 'empty' };
  if (!isRecord(value)) return foreign();
  const { apiVersion: version, kind } = value;
  if (version === apiVersion) return classifyKind(kind);
  if (typeof version === 'string' && version.startsWith(marker)) {
    const newer = /^v[2-9]\d*$/.test(version.slice(marker.length));
    const message = plain(`apiVersion is ${JSON.stringify(version)}, but this rollcall reads ${apiVersion}`);
    const hint = newer ? say`it needs a newer rollcall` : plain(`write ${apiVersion}`);
    return { is: 'wrong', key: 'apiVersion', code: 'unknown-api-version', message, hint };
  }
  if ((version === undefined || version === null) && isKind(kind)) {
    const message = plain(`a document of kind ${kind} lacks the key "apiVersion"`);
    return {
      is: 'wrong',
      key: 'kind',
      code: 'missing-key',
      message,
      hint: plain(`add apiVersion: ${apiVersion}`),
    };
  }
  return foreign(version);
}

function classifyKind(kind: unknown): Classified {
  if (isKind(kind)) return { is: 'manifest', kind };
  if (kind === undefined) {
    const hint = plain(`add kind: ${kinds.join(' or ')}`);
    return {
      is: 'wrong',
      key: 'apiVersion',
      code: 'missing-key',
      message: say`the document lacks the key "kind"`,
      hint,
    };
  }
  const text = typeof kind === 'string' ? JSON.stringify(kind) : 'no text';
  const near = typeof kind === 'string' ? didYouMean(kind, kinds) : undefined;
  const message = plain(`kind is ${text}; it must be one of ${kinds.join(', ')}`);
  return {
    is: 'wrong',
    key: 'kind',
    code: 'unknown-kind',
    message,
    hint: near ?? plain(`write ${kinds.join(' or ')}`),
  };
}

function foreign(version?: unknown): Classified {
  const near = typeof version === 'string' ? didYouMean(version, [apiVersion]) : undefined;
  const shown =
    typeof version === 'string' ? `its apiVersion is ${JSON.stringify(version)}` : 'it has no apiVersion';
  const hint =
    near ?? plain(`start it with apiVersion: ${apiVersion}, or give the folder instead of the file`);
  return { is: 'foreign', message: plain(`this document is not a rollcall manifest: ${shown}`), hint };
}
function isKind(kind: unknown): kind is Kind {
  return kinds.some((known) => known === kind);
}
