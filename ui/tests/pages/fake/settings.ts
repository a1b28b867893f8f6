import type { DidView, Status } from '../../../src/ipc';
import { error, type Answer, type World } from './world';

const DIDS: DidView[] = [
  { id: 'did_1', name: 'Main', did: 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK', method: 'key', created: '2025-03-12T09:00:00Z', retired: null, replacedBy: null, code: 'KXQ-417' },
  { id: 'did_2', name: 'Cards', did: 'did:jwk:eyJrdHkiOiJFQyIsImNydiI6IlAtMjU2IiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9', method: 'jwk', created: '2025-09-01T09:00:00Z', retired: null, replacedBy: null, code: 'BDR-902' },
  { id: 'did_0', name: 'Old', did: 'did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp', method: 'key', created: '2024-03-12T09:00:00Z', retired: '2025-03-12T09:00:00Z', replacedBy: 'did_1', code: 'TGZ-001' },
];

const made = (name: string, method: DidView['method']): DidView => ({ id: 'did_9', name, did: 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doZ', method, created: new Date().toISOString(), retired: null, replacedBy: null, code: 'LMN-123' });

/** Status, look, people, keys, locking. */
export function settings(world: World): Record<string, Answer> {
  const set = (change: Partial<Status>) => Object.assign(world.status, change);
  let wrong = 0;
  return {
    status: () => {
      const fault = world.name.startsWith('keychain-') ? world.name.slice('keychain-'.length) : null;
      return set({ fault: fault as Status['fault'] });
    },
    make_vault: ({ protection }) => {
      if (world.name === 'fresh-nostore' && protection === 'keychain') throw error('keychain.missing', 'computer', {}, 'org.freedesktop.secrets: no such name');
      return set({ state: 'open', protection });
    },
    unlock: ({ passphrase }) => {
      if (passphrase === 'correct horse battery') return set({ state: 'open', locked: null });
      wrong += 1;
      throw wrong > 3 ? error('passphrase.wait', 'you', { seconds: '4' }) : error('keychain.passphraseWrong', 'computer');
    },
    lock: () => set({ state: 'locked', locked: { at: new Date().toISOString(), reason: 'asked' } }),
    touch: () => null,
    set_look: ({ look }) => set({ look }),
    add_person: ({ name, relation, birthDate }) => {
      world.status.people.push({ id: `per_${world.status.people.length + 1}`, name, relation, birthDate, lent: [] });
      return world.status;
    },
    rename_person: ({ id, name }) => {
      Object.assign(world.status.people.find((one) => one.id === id) ?? {}, { name });
      return world.status;
    },
    erase_person: ({ id, name }) => {
      if (world.status.people.find((one) => one.id === id)?.name !== name) throw error('person.otherName', 'you');
      return set({ people: world.status.people.filter((one) => one.id !== id) });
    },
    select_person: ({ id }) => set({ current: id }),
    dids: () => (world.name === 'empty' ? [] : DIDS),
    did_make: ({ name, method }) => {
      DIDS.unshift(made(name, method));
      return DIDS;
    },
    did_rename: ({ id, name }) => {
      Object.assign(DIDS.find((did) => did.id === id) ?? {}, { name });
      return DIDS;
    },
    did_rotate: ({ id }) => {
      const old = DIDS.find((did) => did.id === id);
      if (!old) throw error('id.unknown', 'you');
      Object.assign(old, { retired: new Date().toISOString(), replacedBy: 'did_9' });
      DIDS.unshift(made(old.name, old.method));
      return DIDS;
    },
    did_retire: ({ id }) => {
      Object.assign(DIDS.find((did) => did.id === id) ?? {}, { retired: new Date().toISOString() });
      return DIDS;
    },
    print_page: () => null,
  };
}
