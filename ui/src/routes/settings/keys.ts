import type { DidView } from '../../ipc';
import { t } from '../../words';

/** What a key is called: as its owner named it; the first ones have only numbers, which say little alone. */
export function keyTitle(key: Pick<DidView, 'name'>): string {
  return /^\d+$/.test(key.name) ? t('settings.key.numbered', { number: key.name }) : key.name;
}
