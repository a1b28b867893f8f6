/** Through whose eyes the record is looked at, and the way back. */
export interface Eyes {
  words: string;
  more: string;
  back: { href: string; label: string };
}

let through = $state.raw<Eyes>();

/** What the bar above the page says while the record is looked at as somebody else would see it. */
export const eyes = {
  get through(): Eyes | undefined {
    return through;
  },
  set through(next: Eyes | undefined) {
    through = next;
  },
};
