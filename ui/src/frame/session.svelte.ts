import { errorView, ipc, onFailure, type ErrorView, type Look, type PersonView, type Status } from '../ipc';
import { language, languageOf, setLanguage } from '../words';

const POLL = 5000;
const TOUCH = 10_000;

let status = $state.raw<Status>();
let failed = $state.raw<ErrorView>();
let needSignIn = $state(0);
let waiting = $state(0);
let ending = $state(0);
let opened = 0;

/** What the whole window knows: whether the vault is open, whose record is shown, how it looks. */
export const session = {
  get status(): Status | undefined {
    return status;
  },
  /** Set when not even the status could be asked for. */
  get failed(): ErrorView | undefined {
    return failed;
  },
  get person(): PersonView | undefined {
    return status?.people.find((person) => person.id === status?.current);
  },
  /** Connections of the person that need signing in. */
  get needSignIn(): number {
    return needSignIn;
  },
  /** How often the vault was opened while this window is there. */
  get opened(): number {
    return opened;
  },
  /** Requests that wait for a decision. */
  get waiting(): number {
    return waiting;
  },
  /** Shares of the person that end within a week. */
  get ending(): number {
    return ending;
  },
};

/** Takes the status that came with an answer. */
export function take(next: Status): void {
  failed = undefined;
  if (JSON.stringify(next) === JSON.stringify(status)) return;
  const isOther = next.state === 'open' && (status?.state !== 'open' || status.current !== next.current);
  if (isOther) opened += 1;
  status = next;
  void apply(next.look);
  if (next.state !== 'open') needSignIn = waiting = ending = 0;
  else if (isOther) void Promise.all([countSignIns(), countRequests()]);
}

/** Asks how the vault stands. */
export async function refresh(): Promise<void> {
  try {
    const next = await ipc.status();
    // What is shown for the first time is shown in the language that was chosen.
    await speak(next.look);
    take(next);
  } catch (thrown) {
    failed = errorView(thrown);
  }
}

/** Counts anew the connections that need signing in. */
export async function countSignIns(): Promise<void> {
  try {
    const all = await ipc.connections();
    needSignIn = all.filter((connection) => connection.state === 'needsSignIn').length;
  } catch {
    needSignIn = 0;
  }
}

/** Counts anew the requests that wait, and what ends soon. */
export async function countRequests(): Promise<void> {
  try {
    const news = await ipc.news();
    waiting = news.requests.length;
    ending = news.ending.length;
  } catch {
    waiting = ending = 0;
  }
}

export async function lock(): Promise<void> {
  take(await ipc.lock());
}

/** Keeps the window in step with the vault: it may lock by itself. Call once. */
export function keepInStep(): void {
  void refresh();
  setInterval(() => void refresh().then(() => (status?.state === 'open' ? countRequests() : undefined)), POLL);
  window.addEventListener('focus', () => void refresh());
  window.addEventListener('languagechange', () => status && void apply(status.look));
  onFailure((error) => {
    if (error.code.endsWith('.locked') && status?.state === 'open') void refresh();
  });
  let touched = 0;
  const used = (): void => {
    const now = Date.now();
    if (status?.state !== 'open' || now - touched < TOUCH) return;
    touched = now;
    void ipc.touch().catch(() => undefined);
  };
  for (const event of ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const) {
    window.addEventListener(event, used, { passive: true, capture: true });
  }
}

/** Speaks the language that this look means here. */
export async function speak(look: Pick<Look, 'language'>): Promise<void> {
  await setLanguage(languageOf(look.language, navigator.languages));
}

async function apply(look: Look): Promise<void> {
  const root = document.documentElement;
  if (look.theme === 'light' || look.theme === 'dark') root.dataset['theme'] = look.theme;
  else delete root.dataset['theme'];
  await speak(look);
  const spoken = language();
  root.lang = spoken === 'pseudo' ? 'en' : spoken;
  root.dir = spoken === 'pseudo' ? 'rtl' : 'ltr';
}
