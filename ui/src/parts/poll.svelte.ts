import { errorView, type ErrorView } from '../ipc';

/** Something asked for again and again until it is over. */
export interface Poll<T> {
  readonly value: T | undefined;
  /** Why it could not be asked for. Asking goes on. */
  readonly error: ErrorView | undefined;
  /** Takes an answer that came another way. */
  set(value: T): void;
}

/** Asks every `pause` milliseconds, one question at a time, until `over`; stops when the page goes. */
export function poll<T>(ask: () => Promise<T>, over: (value: T) => boolean, pause: number): Poll<T> {
  let value = $state.raw<T>();
  let error = $state.raw<ErrorView>();

  $effect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function step(): Promise<void> {
      try {
        const got = await ask();
        if (stopped) return;
        value = got;
        error = undefined;
        if (over(got)) return;
      } catch (thrown) {
        if (stopped) return;
        error = errorView(thrown);
      }
      timer = setTimeout(step, pause);
    }
    void step();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  });

  return {
    get value() {
      return value;
    },
    get error() {
      return error;
    },
    set(next: T) {
      value = next;
    },
  };
}
