// Run by the web view before anything of a page: how the person wants it to look, and which door it will open at. A page
// cannot ask for either before its script is read, and it is painted before that. The window keeps `theme` up to date.
(theme, starts) => {
  const say = () => {
    const root = document.documentElement;
    if (!root) return false;
    if (theme) root.dataset.theme = theme;
    root.dataset.starts = starts;
    return true;
  };
  // Some web views run this when there is no element yet.
  if (!say()) new MutationObserver((_, watcher) => say() && watcher.disconnect()).observe(document, { childList: true });
}
