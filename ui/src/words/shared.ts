import type { ErrorView, Kind } from '../ipc';
import { fill, type Params } from './fill';
import { language, tag, words } from './language.svelte';
import type { Shared } from './messages';
import { pseudo } from './pseudo';

type NameList = 'leftOut' | 'purposes' | 'types' | 'topics';

function say(text: string, params: Params = {}): string {
  return fill(language() === 'pseudo' ? pseudo(text) : text, params, tag());
}

/** What happened and what helps. A code without words of its own says so in general ones. */
export function errorWords(error: ErrorView): Shared['errors'][string] {
  const all = words().shared.errors;
  const area = error.code.split('.')[0] ?? '';
  const told = all[error.code] ?? all[`${area}.other`] ?? all['other'] ?? { what: error.code, help: '' };
  return { what: say(told.what, error.details), help: say(told.help, error.details) };
}

/** What happened, for a code that has words of its own. */
export function errorWhat(code: string): string | undefined {
  const told = words().shared.errors[code];
  return told && say(told.what);
}

/** Verdict, reason and what helps, for a code of the closed list. */
export function reasonWords(code: string, params: Params = {}): Shared['reasons'][string] {
  const reason = words().shared.reasons[code] ?? { verdict: '', reason: code, help: '' };
  return { verdict: say(reason.verdict), reason: say(reason.reason, params), help: say(reason.help, params) };
}

/** The label of a fact. */
export function factLabel(label: string): string {
  return say(words().shared.facts[label] ?? label);
}

/** What happened, in the trail. */
export function actionName(action: string, params: Params = {}): string {
  return say(words().shared.actions[action] ?? action, params);
}

/** A kind in the plural, as a heading or in a filter. */
export function kindName(kind: Kind): string {
  return say(words().shared.kinds[kind]?.many ?? kind);
}

/** A kind in the singular, as it stands over one item. */
export function kindOne(kind: Kind): string {
  return say(words().shared.kinds[kind]?.one ?? kind);
}

/** What one step of the connection doctor looks at. */
export function doctorStep(step: string): string {
  return say(words().shared.doctor[step] ?? step);
}

/** The name of a code in one of the lists that stand beside grants; the code itself where there is none. */
export function namedWords(area: NameList, code: string): string {
  return say(words().shared[area][code] ?? code);
}

/** The same at the beginning of a line. */
export function headWords(area: NameList, code: string): string {
  const name = namedWords(area, code);
  return `${name.charAt(0).toLocaleUpperCase(tag())}${name.slice(1)}`;
}

/** The codes that one of those lists has names for, in its order. */
export function namedCodes(area: NameList): string[] {
  return Object.keys(words().shared[area]);
}
