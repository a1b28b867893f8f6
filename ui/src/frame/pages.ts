import type { Component } from 'svelte';
import type { PlaceName } from './places';
import type { Query, RouteName } from './routes';

/** What every page is given: what it is about (empty for a page without `:id`), and what was chosen on it. */
export interface PageProps {
  id: string;
  query: Query;
}

interface Page {
  /** The page itself, read from the disk when it is first gone to: the window opens with what its first page needs. */
  read: () => Promise<Component<PageProps>>;
  /** The place it belongs to; nothing for a page that fills the window. */
  place: PlaceName | undefined;
}

type Shown = Component<PageProps> | Component<Record<string, never>>;

// A page that needs nothing declares no properties; being given some does it no harm.
function page<Area>(place: PlaceName | undefined, area: () => Promise<Area>, pick: (area: Area) => Shown): Page {
  return { read: async () => pick(await area()) as Component<PageProps>, place };
}

const activity = () => import('../routes/activity/pages');
const cards = () => import('../routes/cards/pages');
const connections = () => import('../routes/connections/pages');
const home = () => import('../routes/home/pages');
const mandates = () => import('../routes/mandates/pages');
const record = () => import('../routes/record/pages');
const settings = () => import('../routes/settings/pages');
const sharing = () => import('../routes/sharing/pages');

/** The page for each address. */
export const PAGES: Record<RouteName, Page> = {
  home: page('home', home, (area) => area.Home),
  record: page('record', record, (area) => area.Records),
  lab: page('record', record, (area) => area.Lab),
  item: page('record', record, (area) => area.Item),
  document: page('record', record, (area) => area.Document),
  cards: page('cards', cards, (area) => area.Cards),
  card: page('cards', cards, (area) => area.Card),
  cardShow: page(undefined, cards, (area) => area.ShowCard),
  cardAdd: page('cards', cards, (area) => area.AddCard),
  cardCheck: page('cards', cards, (area) => area.CheckCard),
  cardsRemoved: page('cards', cards, (area) => area.RemovedCards),
  sharing: page('sharing', sharing, (area) => area.Sharing),
  request: page('sharing', sharing, (area) => area.Request),
  refused: page('sharing', sharing, (area) => area.Refused),
  asThem: page('sharing', sharing, (area) => area.AsThem),
  asItem: page('sharing', sharing, (area) => area.AsItem),
  share: page('sharing', sharing, (area) => area.Share),
  shared: page('sharing', sharing, (area) => area.Shared),
  shareNarrow: page('sharing', sharing, (area) => area.ShareNarrow),
  seen: page('activity', sharing, (area) => area.Seen),
  give: page('sharing', sharing, (area) => area.Give),
  giveTo: page('sharing', sharing, (area) => area.GiveTo),
  contactAdd: page('sharing', sharing, (area) => area.AddContact),
  contactMeet: page('sharing', mandates, (area) => area.Meet),
  contactRead: page('sharing', mandates, (area) => area.Read),
  pair: page('sharing', mandates, (area) => area.Pair),
  mandateTake: page('sharing', mandates, (area) => area.Take),
  mandateAsk: page('sharing', mandates, (area) => area.Ask),
  mandate: page('sharing', mandates, (area) => area.Held),
  mandateErase: page('sharing', mandates, (area) => area.Erase),
  offer: page('sharing', mandates, (area) => area.Offer),
  activity: page('activity', activity, (area) => area.Activity),
  connections: page('connections', connections, (area) => area.Connections),
  connectionAdd: page('connections', connections, (area) => area.Connect),
  connection: page('connections', connections, (area) => area.Connection),
  connectionName: page('connections', connections, (area) => area.ConnectionName),
  launch: page('connections', connections, (area) => area.Launch),
  pull: page('connections', connections, (area) => area.Pull),
  report: page('connections', connections, (area) => area.Report),
  doctor: page('connections', connections, (area) => area.Doctor),
  settings: page('settings', settings, (area) => area.Settings),
  settingsLanguage: page('settings', settings, (area) => area.Language),
  settingsTheme: page('settings', settings, (area) => area.Theme),
  settingsLock: page('settings', settings, (area) => area.AutoLock),
  settingsShortcuts: page('settings', settings, (area) => area.Shortcuts),
  settingsClosing: page('settings', settings, (area) => area.Closing),
  keys: page('settings', settings, (area) => area.Keys),
  keyAdd: page('settings', settings, (area) => area.AddKey),
  key: page('settings', settings, (area) => area.Key),
  keyName: page('settings', settings, (area) => area.KeyName),
  personAdd: page('settings', settings, (area) => area.AddPerson),
  person: page('settings', settings, (area) => area.Person),
  personErase: page('settings', settings, (area) => area.ErasePerson),
};
