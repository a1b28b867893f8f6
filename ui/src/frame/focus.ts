const PATIENCE = 4000;

interface Left {
  scroll: number;
  focus: string | undefined;
}

/**
 * After a step to another page: the focus goes to its h1 and the page to its top; coming back, to the row that was
 * left and where it stood. Pages fetch what they show, so this waits for it, unless the person moves on first.
 * Returns how to stop it.
 */
export function settle(returned: Left | undefined): () => void {
  const main = document.getElementById('main');
  if (!main) return () => undefined;
  let headed = false;

  const attempt = (): boolean => {
    const row = returned?.focus === undefined ? undefined : main.querySelector<HTMLElement>(returned.focus);
    if (row && returned) {
      row.focus({ preventScroll: true });
      window.scrollTo(0, returned.scroll);
      return true;
    }
    const heading = main.querySelector<HTMLElement>('h1');
    if (heading && !headed) {
      headed = true;
      heading.focus({ preventScroll: true });
      window.scrollTo(0, returned?.scroll ?? 0);
    }
    return headed && returned?.focus === undefined;
  };

  if (attempt()) return () => undefined;
  const watcher = new MutationObserver(() => {
    if (attempt()) stop();
  });
  const timer = setTimeout(stop, PATIENCE);
  function stop(): void {
    watcher.disconnect();
    clearTimeout(timer);
    for (const event of ['keydown', 'pointerdown'] as const) window.removeEventListener(event, stop, true);
  }
  watcher.observe(main, { childList: true, subtree: true });
  for (const event of ['keydown', 'pointerdown'] as const) window.addEventListener(event, stop, true);
  return stop;
}
