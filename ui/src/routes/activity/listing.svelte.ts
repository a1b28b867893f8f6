import { errorView, ipc, type ActivityEntry, type ErrorView, type TrailState } from '../../ipc';
import { narrows, passes, type Filter } from './trail';

const PAGE = 200;

/**
 * The trail, newest first, fetched as far as it is needed: a page at a time, or to the end while it is narrowed, so
 * that nothing that passes is missed.
 */
export class Listing {
  filter = $state<Filter>({ what: 'all', from: '', to: '' });
  entries = $state.raw<ActivityEntry[]>([]);
  total = $state<number>();
  trail = $state.raw<TrailState>();
  checked = $state<Date>();
  failed = $state.raw<ErrorView>();
  busy = $state(false);

  readonly whole = $derived(this.total !== undefined && this.entries.length >= this.total);
  readonly shown = $derived(this.entries.filter((entry) => passes(entry, this.filter)));

  /** Fetches older entries; all of them while the list is narrowed. */
  async more(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.failed = undefined;
    try {
      do {
        const page = await ipc.activity(this.entries.length, PAGE);
        this.total = page.total;
        this.trail ??= page.trail;
        this.checked ??= new Date();
        if (page.entries.length === 0) break;
        this.entries = [...this.entries, ...page.entries];
      } while (narrows(this.filter) && !this.whole);
    } catch (thrown) {
      this.failed = errorView(thrown);
    } finally {
      this.busy = false;
    }
  }

  /** Narrows the list, and fetches the rest of the trail for it. */
  async narrow(change: Partial<Filter>): Promise<void> {
    this.filter = { ...this.filter, ...change };
    if (narrows(this.filter) && !this.whole) await this.more();
  }

  /** Checks the whole chain anew. */
  async verify(): Promise<void> {
    try {
      this.trail = await ipc.verifyTrail();
      this.checked = new Date();
    } catch (thrown) {
      this.failed = errorView(thrown);
    }
  }
}
