import type { CutView } from '../../ipc';
import { t, type Key } from '../../words';

const HOW = ['reference', 'narrative', 'textScan', 'owner', 'part'] as const;

/** What is cut of an item, in words, each once. */
export function cutsOf(id: string, cuts: readonly CutView[]): string[] {
  const all = cuts.filter((cut) => cut.of === id).map((cut) => HOW.find((how) => how === cut.how) ?? 'part');
  return [...new Set(all)].map((how) => t(`sharing.cut.${how}` as Key));
}
