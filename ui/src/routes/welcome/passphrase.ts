import { t } from '../../words';

/** Shorter ones are not taken. */
export const SHORTEST = 12;

/** What is wrong with a new passphrase that was typed twice. */
export function passphraseProblems(passphrase: string, again: string): { field: string; text: string }[] {
  const length = [...passphrase].length;
  if (length === 0) return [{ field: 'passphrase', text: t('firstRun.passphrase.missing') }];
  if (length < SHORTEST) return [{ field: 'passphrase', text: t('firstRun.passphrase.short', { count: length }) }];
  if (passphrase !== again) return [{ field: 'again', text: t('firstRun.passphrase.differs') }];
  return [];
}
