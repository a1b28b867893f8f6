import { untrack } from 'svelte';
import { errorView, type ErrorView } from '../ipc';

/** Something that is being fetched: not here yet, here, or failed. */
export interface Loading<T> {
  readonly state: 'loading' | 'ready' | 'failed';
  /** What came last; it stays while the same is fetched again. */
  readonly value: T | undefined;
  readonly error: ErrorView | undefined;
  /** Fetches it again. */
  again(): Promise<void>;
  /** Takes a newer value that came with the answer to something else. */
  set(value: T): void;
}

/**
 * Fetches at once. With `watch`, fetches anew whenever a state that `watch` reads changes; an answer that was
 * overtaken by a newer question is dropped.
 */
export function load<T>(fetch: () => Promise<T>, watch?: () => unknown): Loading<T> {
  let state = $state<'loading' | 'ready' | 'failed'>('loading');
  let value = $state.raw<T>();
  let error = $state.raw<ErrorView>();
  let asked = 0;

  async function again(): Promise<void> {
    asked += 1;
    const mine = asked;
    if (value === undefined) state = 'loading';
    try {
      const got = await fetch();
      if (mine === asked) set(got);
    } catch (thrown) {
      if (mine !== asked) return;
      error = errorView(thrown);
      state = 'failed';
    }
  }

  function set(next: T): void {
    value = next;
    error = undefined;
    state = 'ready';
  }

  if (watch) {
    $effect(() => {
      watch();
      // What is fetched must not be what is watched: each answer would ask anew.
      void untrack(again);
    });
  } else {
    void again();
  }

  return {
    get state() {
      return state;
    },
    get value() {
      return value;
    },
    get error() {
      return error;
    },
    again,
    set,
  };
}
