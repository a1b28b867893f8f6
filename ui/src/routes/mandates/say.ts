import { session } from '../../frame/session.svelte';
import type { HeldMandateView } from '../../ipc';
import { t } from '../../words';

/** The name of the person whose record a mandate is of, here. */
export function personOf(mandate: HeldMandateView): string | undefined {
  return session.status?.people.find((person) => person.id === mandate.person)?.name;
}

/** Whether the giver asked to erase and waits for an answer. */
export function waits(mandate: HeldMandateView): boolean {
  return mandate.eraseAsked !== null && mandate.eraseAnswer === null;
}

/** How a mandate stands, in a few words. */
export function stateOf(mandate: HeldMandateView): string {
  return waits(mandate) ? t('mandates.state.erase') : t(`mandates.state.${mandate.state}`);
}
