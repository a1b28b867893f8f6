import { session } from '../../frame/session.svelte';
import { ipc, type Considered, type Mandate, type Narrowing, type PreviewView } from '../../ipc';

/** Nothing taken away. */
export function asAsked(): Narrowing {
  return { topics: [], types: [], sources: [], resources: [], from: null, to: null, until: null, decisions: [] };
}

/** What is looked at: whose eyes, and what stands behind it when it is still being decided. */
export interface Looking {
  view: PreviewView;
  considered: Considered | null;
}

// What is being considered outlives the page, so that one can go and look at it and come back; not the lock, and not the person.
let of: string | undefined;
const narrowings = new Map<string, Narrowing>();
const mandates = new Map<string, Mandate>();
let latest: { key: string; considered: Considered } | undefined;

function fresh(): void {
  const now = `${session.status?.current}:${session.opened}`;
  if (of === now) return;
  of = now;
  narrowings.clear();
  mandates.clear();
  latest = undefined;
}

/** How far a request was narrowed. */
export function narrowingOf(request: string): Narrowing {
  fresh();
  return narrowings.get(request) ?? asAsked();
}

/** Keeps how far a request is narrowed. */
export function keepNarrowing(request: string, narrowing: Narrowing): void {
  fresh();
  narrowings.set(request, narrowing);
}

/** What was being given to a contact. */
export function mandateOf(contact: string): Mandate | undefined {
  fresh();
  return mandates.get(contact);
}

/** Keeps what is being given to a contact. */
export function keepMandate(contact: string, mandate: Mandate): void {
  fresh();
  mandates.set(contact, mandate);
}

/** Forgets what was decided. */
export function decided(id: string): void {
  narrowings.delete(id);
  mandates.delete(id);
  latest = undefined;
}

/** Asks what a request, narrowed as it is, or a mandate would let out. The same question is asked once. */
export async function consider(id: string, asked: Narrowing | Mandate): Promise<Considered> {
  fresh();
  const key = JSON.stringify([id, asked]);
  if (latest?.key === key) return latest.considered;
  const considered = 'start' in asked ? await ipc.mandateConsider(id, asked) : await ipc.consider(id, asked);
  latest = { key, considered };
  return considered;
}

/** Looks at the record under what is considered for a request or a contact, or under a share that holds. */
export async function lookAs(id: string): Promise<Looking> {
  if (id.startsWith('grt_')) return { view: await ipc.preview((await ipc.share(id)).grant), considered: null };
  const considered = await consider(id, mandateOf(id) ?? narrowingOf(id));
  return { view: await ipc.preview(considered.grant), considered };
}
