import { ipc } from '../ipc';
import { PLACES } from './places';
import { go, goTo, router } from './router.svelte';
import { lock, session } from './session.svelte';
import { zoom } from './zoom';

/** What `?` shows, with the keys as they are called. */
export const SHORTCUTS = [
  { keys: ['Ctrl+1', '…', 'Ctrl+7'], text: 'frame.keys.places' },
  { keys: ['Ctrl+K', '/'], text: 'frame.keys.search' },
  { keys: ['Ctrl+L'], text: 'frame.keys.lock' },
  { keys: ['Ctrl+P'], text: 'frame.keys.print' },
  { keys: ['Alt+←'], text: 'frame.keys.back' },
  { keys: ['Esc'], text: 'frame.keys.close' },
  { keys: ['Ctrl++', 'Ctrl+−', 'Ctrl+0'], text: 'frame.keys.zoom' },
  { keys: ['↑', '↓'], text: 'frame.keys.list' },
  { keys: ['Space'], text: 'frame.keys.pause' },
  { keys: ['?'], text: 'frame.keys.help' },
] as const;

/** The modifier is called Cmd on a Mac. */
export function onMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}

/** Does what a key asks for. `help` opens the list of shortcuts. No shortcut approves, ends or erases. */
export function press(event: KeyboardEvent, help: () => void): void {
  if (event.defaultPrevented) return;
  if (command(event) && zoom(event.key)) return event.preventDefault();
  if (session.status?.state !== 'open') return;
  if (document.querySelector('dialog[open]')) return;
  if (act(event, help)) event.preventDefault();
}

function act(event: KeyboardEvent, help: () => void): boolean {
  if (command(event) && !event.shiftKey) return withCommand(event.key.toLowerCase());
  if (event.altKey && event.key === 'ArrowLeft') {
    history.back();
    return true;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return false;
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') return rove(event.target, event.key === 'ArrowDown' ? 1 : -1);
  if (session.status?.look.singleKeyShortcuts !== true) return false;
  if (event.key === '/') return search();
  if (event.key === '?') {
    help();
    return true;
  }
  return false;
}

function command(event: KeyboardEvent): boolean {
  return (onMac() ? event.metaKey : event.ctrlKey) && !event.altKey;
}

function withCommand(key: string): boolean {
  const place = PLACES[Number(key) - 1];
  if (place) go(place);
  else if (key === 'k') search();
  else if (key === 'l') void lock();
  else if (key === 'p') void ipc.printPage().catch(() => undefined);
  else return false;
  return true;
}

function search(): boolean {
  if (router.place?.name === 'record') document.querySelector<HTMLInputElement>('main input[type="search"]')?.focus();
  else goTo('input[type="search"]', 'record');
  return true;
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, select, textarea, [contenteditable]');
}

const LISTS = '.rows, .tabs, .wallet__stack, .menu, .navlist, tbody';

function rove(target: EventTarget | null, by: 1 | -1): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const list = target.closest(LISTS);
  if (!list) return false;
  const stops = [...list.querySelectorAll<HTMLElement>('a[href], button')].filter((stop) => stop.checkVisibility());
  const next = stops[stops.indexOf(target) + by];
  next?.focus();
  return next !== undefined;
}
