import { errorView, ipc, type ErrorView, type RecordPage, type RecordQuery, type Row } from '../../ipc';
import { recordQuery, type Filters } from './filters';

/** Rows that come with one press. */
export const STEP = 50;
/** Rows that stand in the page at once, however many match. */
export const WINDOW = 300;

/** A window on the rows that match: it slides, and the counts are always those of the whole. */
export interface Listing {
  readonly state: 'loading' | 'ready' | 'failed';
  readonly error: ErrorView | undefined;
  readonly page: RecordPage | undefined;
  readonly rows: readonly Row[];
  /** How many matching rows lie before the first one shown. */
  readonly before: number;
  /** How many lie after the last one shown. */
  readonly after: number;
  /** Further rows are on their way. */
  readonly busy: boolean;
  again(): Promise<void>;
  /** Shows later rows; gives the place of the first new one in `rows`. */
  later(): Promise<number | null>;
  /** Shows the rows before the window; gives the place of the last new one. */
  earlier(): Promise<number | null>;
}

/**
 * Keeps a listing in step with the filters. `start` and `count` restore a window that was left; `fetch` is whom the rows
 * are asked of, when it is not the record itself.
 */
export function listing(filters: () => Filters, start: number, count: number, fetch: (query: RecordQuery) => Promise<RecordPage> = ipc.records): Listing {
  let state = $state<Listing['state']>('loading');
  let error = $state.raw<ErrorView>();
  let page = $state.raw<RecordPage>();
  let rows = $state.raw<readonly Row[]>([]);
  let before = $state(0);
  let busy = $state(false);
  let asked = 0;
  let wanted = { offset: start, limit: Math.min(Math.max(count, STEP), WINDOW) };

  async function again(): Promise<void> {
    asked += 1;
    const mine = asked;
    const { offset, limit } = wanted;
    try {
      const got = await fetch(recordQuery(filters(), offset, limit));
      if (mine !== asked) return;
      page = got;
      rows = got.rows;
      before = got.rows.length > 0 ? offset : 0;
      state = 'ready';
      error = undefined;
    } catch (thrown) {
      if (mine !== asked) return;
      error = errorView(thrown);
      state = 'failed';
    }
  }

  async function fetchMore(offset: number, limit: number): Promise<readonly Row[] | null> {
    if (busy || limit <= 0) return null;
    busy = true;
    const mine = asked;
    try {
      const got = await fetch(recordQuery(filters(), offset, limit));
      if (mine !== asked) return null;
      page = got;
      return got.rows;
    } catch (thrown) {
      if (mine === asked) {
        error = errorView(thrown);
        state = 'failed';
      }
      return null;
    } finally {
      busy = false;
    }
  }

  async function later(): Promise<number | null> {
    const more = await fetchMore(before + rows.length, STEP);
    if (!more || more.length === 0) return null;
    const all = [...rows, ...more];
    const dropped = Math.max(0, all.length - WINDOW);
    rows = all.slice(dropped);
    before += dropped;
    return rows.length - more.length;
  }

  async function earlier(): Promise<number | null> {
    const from = Math.max(0, before - STEP);
    const more = await fetchMore(from, before - from);
    if (!more || more.length === 0) return null;
    rows = [...more, ...rows].slice(0, WINDOW);
    before = from;
    return more.length - 1;
  }

  let first = true;
  $effect(() => {
    filters();
    if (!first) wanted = { offset: 0, limit: STEP };
    first = false;
    void again();
  });

  return {
    get state() {
      return state;
    },
    get error() {
      return error;
    },
    get page() {
      return page;
    },
    get rows() {
      return rows;
    },
    get before() {
      return before;
    },
    get after() {
      return Math.max(0, (page?.total ?? 0) - before - rows.length);
    },
    get busy() {
      return busy;
    },
    again,
    later,
    earlier,
  };
}
