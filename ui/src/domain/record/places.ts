import { getContext, setContext } from 'svelte';
import { href } from '../../frame/routes';
import type { Row } from '../../ipc';
import { rowHref } from './say';

/** Where items of a list lead: to the owner's own pages, or to those of somebody through whose eyes they look. */
export interface Places {
  row(row: Pick<Row, 'id' | 'kind' | 'attachment'>): string;
  lab(id: string): string;
  item(id: string): string;
}

const KEY = Symbol('places');
const OWN: Places = { row: rowHref, lab: (id) => href('lab', { id }), item: (id) => href('item', { id }) };

/** Where the items of this page lead. Ask while the component is made. */
export function places(): Places {
  return getContext<Places | undefined>(KEY) ?? OWN;
}

/** Leads all items below this component elsewhere. */
export function leadTo(to: Places): void {
  setContext(KEY, to);
}
