/** Every page that has an address. `:id` stands for what it is about; no page needs more than one. */
export const ROUTES = {
  home: '/',
  record: '/record',
  lab: '/record/lab/:id',
  item: '/record/item/:id',
  document: '/record/document/:id',
  cards: '/cards',
  card: '/cards/card/:id',
  cardShow: '/cards/card/:id/show',
  cardAdd: '/cards/add',
  cardCheck: '/cards/check',
  cardsRemoved: '/cards/removed',
  sharing: '/sharing',
  request: '/sharing/request/:id',
  refused: '/sharing/request/:id/refused',
  asThem: '/sharing/as/:id',
  asItem: '/sharing/as/:id/item',
  share: '/sharing/share/:id',
  shared: '/sharing/share/:id/shared',
  shareNarrow: '/sharing/share/:id/narrow',
  seen: '/sharing/share/:id/seen',
  give: '/sharing/give',
  giveTo: '/sharing/give/:id',
  contactAdd: '/sharing/contacts/add',
  contactMeet: '/sharing/contacts/meet',
  contactRead: '/sharing/contacts/read',
  pair: '/sharing/contacts/card/:id',
  mandateTake: '/sharing/mandates/take',
  mandateAsk: '/sharing/mandates/ask',
  mandate: '/sharing/mandate/:id',
  mandateErase: '/sharing/mandate/:id/erase',
  offer: '/sharing/inbox/:id',
  activity: '/activity',
  connections: '/connections',
  connectionAdd: '/connections/add',
  launch: '/connections/launch/:id',
  connection: '/connections/connection/:id',
  connectionName: '/connections/connection/:id/name',
  pull: '/connections/pull/:id',
  report: '/connections/report/:id',
  doctor: '/connections/doctor',
  settings: '/settings',
  settingsLanguage: '/settings/language',
  settingsTheme: '/settings/theme',
  settingsLock: '/settings/lock',
  settingsShortcuts: '/settings/shortcuts',
  settingsClosing: '/settings/closing',
  keys: '/settings/keys',
  keyAdd: '/settings/keys/add',
  key: '/settings/keys/key/:id',
  keyName: '/settings/keys/key/:id/name',
  personAdd: '/settings/people/add',
  person: '/settings/people/person/:id',
  personErase: '/settings/people/person/:id/erase',
} as const;

export type RouteName = keyof typeof ROUTES;

type Names<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | Names<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

/** The parts of an address that a page needs. */
export type ParamsOf<R extends RouteName> = Readonly<Record<Names<(typeof ROUTES)[R]>, string>>;

/** What stands behind the question mark. */
export type Query = Readonly<Record<string, string>>;

/** A place in the window. */
export interface Place {
  name: RouteName;
  params: Readonly<Record<string, string>>;
  query: Query;
}

type Args<R extends RouteName> = [Names<(typeof ROUTES)[R]>] extends [never]
  ? [params?: Readonly<Record<string, never>>, query?: Query]
  : [params: ParamsOf<R>, query?: Query];

/** The address of a page, for links: `href('lab', { id })`, `href('record', {}, { words: 'iron' })`. */
export function href<R extends RouteName>(name: R, ...[params, query]: Args<R>): string {
  const values: Record<string, string> = { ...params };
  const path = ROUTES[name].replace(/:(\w+)/g, (_all, key: string) => encodeURIComponent(values[key] ?? ''));
  const search = new URLSearchParams(Object.entries(query ?? {}).filter(([, value]) => value !== '')).toString();
  return `#${path}${search ? `?${search}` : ''}`;
}

/** The page an address means, or nothing. */
export function parse(hash: string): Place | undefined {
  const [path = '', search = ''] = hash.replace(/^#/, '').split('?', 2);
  const given = (path || '/').split('/').slice(1);
  for (const name of Object.keys(ROUTES) as RouteName[]) {
    const params = match(ROUTES[name].split('/').slice(1), given);
    if (params) return { name, params, query: Object.fromEntries(new URLSearchParams(search)) };
  }
  return undefined;
}

function match(pattern: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':')) {
      try {
        params[part.slice(1)] = decodeURIComponent(value);
      } catch {
        return undefined;
      }
      if (value === '') return undefined;
    } else if (part !== value) {
      return undefined;
    }
  }
  return params;
}
