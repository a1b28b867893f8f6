import { invoke } from '@tauri-apps/api/core';
import type * as v from './types';

/** A command that did not work, with what a person is told of it. */
export class Failure extends Error {
  constructor(readonly view: v.ErrorView) {
    super(view.code);
    this.name = 'Failure';
  }
}

/** What a person is told of anything that was thrown. */
export function errorView(thrown: unknown): v.ErrorView {
  if (thrown instanceof Failure) return thrown.view;
  if (isErrorView(thrown)) return thrown;
  return { code: 'window.unexpected', whose: 'us', details: {}, evidence: String(thrown) };
}

function isErrorView(value: unknown): value is v.ErrorView {
  return typeof value === 'object' && value !== null && 'code' in value && 'whose' in value;
}

type Listener = (error: v.ErrorView) => void;
const listeners = new Set<Listener>();

/** Calls `listener` with every error of every command. Returns how to stop it. */
export function onFailure(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

async function call<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (thrown) {
    const view = errorView(thrown);
    for (const listener of listeners) listener(view);
    throw new Failure(view);
  }
}

/** Every command of the shell, once. */
export const ipc = {
  status: () => call<v.Status>('status'),
  makeVault: (name: string, birthDate: string | null, protection: v.Protection, passphrase: string | null) =>
    call<v.Status>('make_vault', { name, birthDate, protection, passphrase }),
  unlock: (passphrase: string | null) => call<v.Status>('unlock', { passphrase }),
  lock: () => call<v.Status>('lock'),
  touch: () => call<null>('touch'),
  setLook: (look: v.Look) => call<v.Status>('set_look', { look }),

  addPerson: (name: string, relation: v.Relation, birthDate: string | null) =>
    call<v.Status>('add_person', { name, relation, birthDate }),
  renamePerson: (id: string, name: string) => call<v.Status>('rename_person', { id, name }),
  selectPerson: (id: string) => call<v.Status>('select_person', { id }),
  /** `name` is theirs, typed to confirm. */
  erasePerson: (id: string, name: string) => call<v.Status>('erase_person', { id, name }),

  home: () => call<v.HomeView>('home'),
  records: (query: v.RecordQuery) => call<v.RecordPage>('records', { query }),
  lab: (id: string) => call<v.LabView>('lab', { id }),
  item: (id: string) => call<v.ItemView>('item', { id }),
  document: (id: string) => call<v.DocumentView>('document', { id }),
  documentContent: (id: string, index: number) => call<v.DocumentContent>('document_content', { id, index }),
  /** False when the person closed the dialog. */
  documentSave: (id: string, index: number) => call<boolean>('document_save', { id, index }),

  directorySearch: (words: string) => call<v.DirectoryPage>('directory_search', { words }),
  directoryImport: (name: string, bytes: number[]) => call<v.DirectoryPage>('directory_import', { name, bytes }),

  launchStart: (address: string, name: string | null) => call<v.LaunchView>('launch_start', { address, name }),
  launchState: (id: number) => call<v.LaunchView>('launch_state', { id }),
  launchCancel: (id: number) => call<v.LaunchView>('launch_cancel', { id }),
  launchOpenAgain: (id: number) => call<v.LaunchView>('launch_open_again', { id }),

  pullStart: (connection: string) => call<v.PullView>('pull_start', { connection }),
  pullState: (id: string) => call<v.PullView>('pull_state', { id }),
  pullStop: (id: string) => call<v.PullView>('pull_stop', { id }),
  lastPull: (connection: string) => call<v.PullView | null>('last_pull', { connection }),

  connections: () => call<v.ConnectionView[]>('connections'),
  signInAgain: (connection: string) => call<v.LaunchView>('sign_in_again', { connection }),
  disconnect: (connection: string) => call<v.DisconnectView>('disconnect', { connection }),
  renameConnection: (id: string, name: string) => call<v.ConnectionView[]>('rename_connection', { id, name }),
  doctor: (address: string) => call<v.DoctorView>('doctor', { address }),

  cards: (removed: boolean) => call<v.CardView[]>('cards', { removed }),
  card: (id: string) => call<v.CardView>('card', { id }),
  cardAddText: (text: string) => call<v.CardsAdded>('card_add_text', { text }),
  cardAddBytes: (name: string, bytes: number[]) => call<v.CardsAdded>('card_add_bytes', { name, bytes }),
  cardsFetch: (connection: string) => call<v.CardsAdded>('cards_fetch', { connection }),
  cardQr: (id: string, chunked: boolean) => call<v.QrView[]>('card_qr', { id, chunked }),
  /** False when the person closed the dialog. */
  cardExport: (id: string) => call<boolean>('card_export', { id }),
  cardRemove: (id: string) => call<v.CardView>('card_remove', { id }),
  cardRestore: (id: string) => call<v.CardView>('card_restore', { id }),
  cardRecheck: (id: string) => call<v.CardView>('card_recheck', { id }),
  checkCardText: (text: string) => call<v.CardView[]>('check_card_text', { text }),
  checkCardBytes: (name: string, bytes: number[]) => call<v.CardView[]>('check_card_bytes', { name, bytes }),

  dids: () => call<v.DidView[]>('dids'),
  didMake: (name: string, method: v.DidMethod) => call<v.DidView[]>('did_make', { name, method }),
  didRename: (id: string, name: string) => call<v.DidView[]>('did_rename', { id, name }),
  didRotate: (id: string) => call<v.DidView[]>('did_rotate', { id }),
  didRetire: (id: string) => call<v.DidView[]>('did_retire', { id }),

  activity: (offset: number, limit: number) => call<v.ActivityPage>('activity', { offset, limit }),
  verifyTrail: () => call<v.TrailState>('verify_trail'),

  sharing: () => call<v.SharingView>('sharing'),
  news: () => call<v.NewsView>('news'),
  serviceSet: (on: boolean) => call<v.ServiceView>('service_set', { on }),
  request: (id: string) => call<v.RequestView>('request', { id }),
  consider: (id: string, narrowing: v.Narrowing) => call<v.Considered>('consider', { id, narrowing }),
  /** Approves exactly the grant that was considered; without one, a resource server. */
  approve: (id: string, grant: string | null, person: string) => call<v.ShareView>('approve', { id, grant, person }),
  refuse: (id: string) => call<v.RequestView>('refuse', { id }),
  askBack: (id: string, message: string) => call<v.RequestView>('ask_back', { id, message }),
  clientBlock: (id: string) => call<null>('client_block', { id }),
  share: (id: string) => call<v.ShareDetail>('share', { id }),
  shareConsider: (id: string, narrowing: v.Narrowing) => call<v.Considered>('share_consider', { id, narrowing }),
  shareNarrow: (id: string, grant: string) => call<v.ShareView>('share_narrow', { id, grant }),
  shareEnd: (id: string) => call<v.ShareDetail>('share_end', { id }),
  shareEndAll: () => call<v.SharingView>('share_end_all'),
  seen: (id: string, on: string) => call<v.SeenView | null>('seen', { id, on }),
  preview: (grant: string) => call<v.PreviewView>('preview', { grant }),
  previewRecords: (id: string, query: v.PreviewQuery) => call<v.PreviewPage>('preview_records', { id, query }),
  previewItem: (id: string, of: string) => call<v.PreviewItem>('preview_item', { id, of }),
  previewContent: (id: string, of: string, index: number) => call<v.DocumentContent>('preview_content', { id, of, index }),
  previewStays: (id: string, resourceType: string | null, offset: number, limit: number) =>
    call<v.StaysPage>('preview_stays', { id, resourceType, offset, limit }),
  contactAdd: (name: string, did: string) => call<v.ContactView[]>('contact_add', { name, did }),
  mandateConsider: (contact: string, mandate: v.Mandate) => call<v.Considered>('mandate_consider', { contact, mandate }),
  mandateGive: (contact: string, grant: string, person: string) => call<v.ShareView>('mandate_give', { contact, grant, person }),

  pairs: () => call<v.PairView[]>('pairs'),
  contactCardMake: (name: string, address: boolean) => call<v.ContactCard>('contact_card_make', { name, address }),
  contactCard: (pair: string, address: boolean) => call<v.ContactCard>('contact_card', { pair, address }),
  /** False when the person closed the dialog. */
  contactCardSave: (pair: string, address: boolean) => call<boolean>('contact_card_save', { pair, address }),
  contactCardRead: (bytes: number[], name: string | null, pair: string | null) => call<v.PairView>('contact_card_read', { bytes, name, pair }),
  contactCompare: (pair: string, same: boolean) => call<v.PairView>('contact_compare', { pair, same }),

  mandateText: (grant: string) => call<v.MandateText>('mandate_text', { grant }),
  /** False when the person closed the dialog. */
  mandateSave: (grant: string) => call<boolean>('mandate_save', { grant }),
  shareAskErase: (id: string) => call<v.ShareDetail>('share_ask_erase', { id }),
  mandates: () => call<v.HeldMandateView[]>('mandates'),
  mandatesCheck: () => call<v.HeldMandateView[]>('mandates_check'),
  mandateTake: (bytes: number[], person: string) => call<v.HeldMandateView>('mandate_take', { bytes, person }),
  mandateFetch: (contact: string, person: string) => call<v.HeldMandateView>('mandate_fetch', { contact, person }),
  mandateAsk: (contact: string, address: string | null, person: string) => call<v.HeldMandateView>('mandate_ask', { contact, address, person }),
  mandateLook: (id: string) => call<v.HeldMandateView>('mandate_look', { id }),
  mandatePull: (id: string) => call<v.PullView>('mandate_pull', { id }),
  mandateErase: (id: string) => call<v.HeldMandateView>('mandate_erase', { id }),
  mandateKeep: (id: string) => call<v.HeldMandateView>('mandate_keep', { id }),

  inbox: () => call<v.OfferView[]>('inbox'),
  offerAccept: (id: string) => call<v.OfferView[]>('offer_accept', { id }),
  offerDiscard: (id: string) => call<v.OfferView[]>('offer_discard', { id }),

  printPage: () => call<null>('print_page'),
};
