import { prefersReducedMotion } from 'svelte/motion';

const BEAT = 1200;

/** Which part of a QR code in several parts is on screen. */
export interface Parts {
  readonly at: number;
  /** The parts follow each other by themselves. */
  readonly playing: boolean;
  step(by: 1 | -1): void;
  toggle(): void;
}

/** Steps through `count()` parts; by itself only where the person has not asked for less motion. */
export function parts(count: () => number): Parts {
  let at = $state(0);
  let playing = $state(!prefersReducedMotion.current);

  $effect(() => {
    if (!playing || count() < 2) return;
    const timer = setInterval(() => {
      at = (at + 1) % count();
    }, BEAT);
    return () => clearInterval(timer);
  });

  return {
    get at() {
      return Math.min(at, Math.max(0, count() - 1));
    },
    get playing() {
      return playing && count() > 1;
    },
    step(by) {
      playing = false;
      at = (at + by + count()) % count();
    },
    toggle() {
      playing = !playing;
    },
  };
}
