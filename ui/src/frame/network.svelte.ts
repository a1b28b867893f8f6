let offline = $state(typeof navigator !== 'undefined' && !navigator.onLine);

/** Whether this computer has a network at all. It says nothing about the other side. */
export const network = {
  get offline(): boolean {
    return offline;
  },
};

if (typeof window !== 'undefined') {
  window.addEventListener('online', () => (offline = false));
  window.addEventListener('offline', () => (offline = true));
}
