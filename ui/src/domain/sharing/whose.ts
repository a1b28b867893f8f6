import { session } from '../../frame/session.svelte';

/** The name of the person whose record is shown, when it is not the owner's own. */
export function other(): string | undefined {
  return session.person && session.person.relation !== 'me' ? session.person.name : undefined;
}

/** Whose record is shown. What is decided is decided for them, whoever is shown by then. */
export function whose(): string {
  return session.status?.current ?? '';
}
