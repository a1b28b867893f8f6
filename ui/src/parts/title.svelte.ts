let page = $state('');
let failed = $state(false);

/** The title of the window: `Page · Satchel`, with "Error: " before it while a form was sent back. */
export const title = {
  get page(): string {
    return page;
  },
  set page(next: string) {
    page = next;
  },
  get failed(): boolean {
    return failed;
  },
  set failed(next: boolean) {
    failed = next;
  },
};
