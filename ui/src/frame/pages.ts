import type { Component } from 'svelte';
import Activity from '../routes/activity/Activity.svelte';
import AddCard from '../routes/cards/AddCard.svelte';
import Card from '../routes/cards/Card.svelte';
import Cards from '../routes/cards/Cards.svelte';
import CheckCard from '../routes/cards/CheckCard.svelte';
import RemovedCards from '../routes/cards/RemovedCards.svelte';
import ShowCard from '../routes/cards/ShowCard.svelte';
import Connect from '../routes/connections/Connect.svelte';
import Connection from '../routes/connections/Connection.svelte';
import ConnectionName from '../routes/connections/ConnectionName.svelte';
import Connections from '../routes/connections/Connections.svelte';
import Doctor from '../routes/connections/Doctor.svelte';
import Launch from '../routes/connections/Launch.svelte';
import Pull from '../routes/connections/Pull.svelte';
import Report from '../routes/connections/Report.svelte';
import Home from '../routes/home/Home.svelte';
import Document from '../routes/record/Document.svelte';
import Item from '../routes/record/Item.svelte';
import Lab from '../routes/record/Lab.svelte';
import Records from '../routes/record/Records.svelte';
import AddKey from '../routes/settings/AddKey.svelte';
import AddPerson from '../routes/settings/AddPerson.svelte';
import AutoLock from '../routes/settings/AutoLock.svelte';
import Key from '../routes/settings/Key.svelte';
import KeyName from '../routes/settings/KeyName.svelte';
import Keys from '../routes/settings/Keys.svelte';
import Language from '../routes/settings/Language.svelte';
import Person from '../routes/settings/Person.svelte';
import Settings from '../routes/settings/Settings.svelte';
import Shortcuts from '../routes/settings/Shortcuts.svelte';
import Theme from '../routes/settings/Theme.svelte';
import Sharing from '../routes/sharing/Sharing.svelte';
import type { PlaceName } from './places';
import type { Query, RouteName } from './routes';

/** What every page is given: what it is about (empty for a page without `:id`), and what was chosen on it. */
export interface PageProps {
  id: string;
  query: Query;
}

interface Page {
  shows: Component<PageProps>;
  /** The place it belongs to; nothing for a page that fills the window. */
  place: PlaceName | undefined;
}

// A page that needs nothing declares no properties; being given some does it no harm.
const page = (place: PlaceName | undefined, shows: Component<PageProps> | Component<Record<string, never>>): Page => ({ shows: shows as Component<PageProps>, place });

/** The page for each address. */
export const PAGES: Record<RouteName, Page> = {
  home: page('home', Home),
  record: page('record', Records),
  lab: page('record', Lab),
  item: page('record', Item),
  document: page('record', Document),
  cards: page('cards', Cards),
  card: page('cards', Card),
  cardShow: page(undefined, ShowCard),
  cardAdd: page('cards', AddCard),
  cardCheck: page('cards', CheckCard),
  cardsRemoved: page('cards', RemovedCards),
  sharing: page('sharing', Sharing),
  activity: page('activity', Activity),
  connections: page('connections', Connections),
  connectionAdd: page('connections', Connect),
  connection: page('connections', Connection),
  connectionName: page('connections', ConnectionName),
  launch: page('connections', Launch),
  pull: page('connections', Pull),
  report: page('connections', Report),
  doctor: page('connections', Doctor),
  settings: page('settings', Settings),
  settingsLanguage: page('settings', Language),
  settingsTheme: page('settings', Theme),
  settingsLock: page('settings', AutoLock),
  settingsShortcuts: page('settings', Shortcuts),
  keys: page('settings', Keys),
  keyAdd: page('settings', AddKey),
  key: page('settings', Key),
  keyName: page('settings', KeyName),
  personAdd: page('settings', AddPerson),
  person: page('settings', Person),
};
