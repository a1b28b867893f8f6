import { session, take } from '../../frame/session.svelte';
import { ipc, type Look } from '../../ipc';
import { t } from '../../words';

/** The minutes offered; 0 is never. */
export const MINUTES = [1, 2, 5, 10, 15, 30, 60, 0] as const;

/** Changes one choice and leaves the others. */
export async function changeLook(change: Partial<Look>): Promise<void> {
  const look = session.status?.look;
  if (look) take(await ipc.setLook({ ...look, ...change }));
}

/** A language by its own name. */
export function languageName(choice: string): string {
  return choice === 'en' || choice === 'es' ? t(`settings.language.${choice}`) : t('settings.language.system');
}
