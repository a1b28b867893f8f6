import { href, parse, type ParamsOf, type Place, type Query, type RouteName } from './routes';

export { href, type Place, type Query, type RouteName } from './routes';

interface Left {
  scroll: number;
  /** The address of the link, or the id of the element, that had the focus. */
  focus: string | undefined;
}

let place = $state.raw<Place | undefined>(parse(location.hash));
let key = $state('');
let came = $state.raw<Left | undefined>();
let pressed: Element | undefined;
let aim: Left | undefined;
let steps = 0;
const left = new Map<string, Left>();

/** Where the window is. */
export const router = {
  /** The page shown; nothing when the address leads nowhere. */
  get place(): Place | undefined {
    return place;
  },
  /** Changes with each step through the pages, not with `refine`. */
  get step(): string {
    return key;
  },
  /** Set when the focus belongs elsewhere than on the h1: where the person had been on this page before. */
  get returned(): Left | undefined {
    return came;
  },
};

/** Goes to a page. */
export function go<R extends RouteName>(...args: Parameters<typeof href<R>>): void {
  location.hash = href(...args);
}

/** Goes to a page and puts the focus on what the selector finds there. */
export function goTo<R extends RouteName>(selector: string, ...args: Parameters<typeof href<R>>): void {
  aim = { scroll: 0, focus: selector };
  const next = href(...args);
  if (location.hash === next) arrive();
  else location.hash = next;
}

/** Goes to a page that takes the place of this one: Back does not lead here again. */
export function replace<R extends RouteName>(...args: Parameters<typeof href<R>>): void {
  history.replaceState(null, '', href(...args));
  arrive();
}

/** Writes what was chosen on this page (search words, filters) into its address, without moving the focus. */
export function refine(query: Query): void {
  if (!place) return;
  place = { ...place, query };
  history.replaceState(history.state, '', href(place.name, place.params as ParamsOf<RouteName> & Record<string, never>, query));
}

/** Listens to the address. Call once. */
export function listen(): void {
  history.scrollRestoration = 'manual';
  window.addEventListener('popstate', arrive);
  // Some web views do not focus a link that is pressed with the pointer.
  window.addEventListener('click', (event) => (pressed = event.target instanceof Element ? event.target : undefined), true);
  arrive();
}

function arrive(): void {
  leave();
  const known = (history.state as { key?: string } | null)?.key;
  came = aim ?? (known === undefined ? undefined : left.get(known));
  aim = undefined;
  key = known ?? `${Date.now()}.${steps++}`;
  if (known === undefined) history.replaceState({ key }, '');
  place = parse(location.hash);
}

// The address has changed already when the window hears of it, but the old page is still on screen.
function leave(): void {
  if (key === '') return;
  const focused = document.activeElement;
  const active = focused === document.body || focused?.tagName === 'H1' ? pressed : focused;
  pressed = undefined;
  const link = active?.closest('a[href]')?.getAttribute('href');
  left.set(key, { scroll: window.scrollY, focus: active?.id ? `#${CSS.escape(active.id)}` : link ? `a[href="${CSS.escape(link)}"]` : undefined });
}
