import { ipc } from '../ipc';
import { session, take } from './session.svelte';

const STEP = 20;
const LEAST = 40;
const MOST = 400;

let asked: Promise<void> = Promise.resolve();
let wanted: number | undefined;

/** Makes everything larger or smaller, or as it was drawn, for this key. It works at every door and is kept. */
export function zoom(key: string): boolean {
  const now = wanted ?? session.status?.look.zoom;
  if (now === undefined) return false;
  const next = after(key, now);
  if (next === undefined) return false;
  wanted = next;
  // One after the other: two that overtake each other would leave the window at the size before.
  asked = asked.then(() => keep(next)).catch(() => undefined);
  return true;
}

/** The size after a key; nothing for a key that does not change it. */
export function after(key: string, percent: number): number | undefined {
  if (key === '+' || key === '=') return Math.min(MOST, percent + STEP);
  if (key === '-' || key === '−') return Math.max(LEAST, percent - STEP);
  return key === '0' ? 100 : undefined;
}

async function keep(percent: number): Promise<void> {
  try {
    const look = session.status?.look;
    if (look && look.zoom !== percent) take(await ipc.setLook({ ...look, zoom: percent }));
  } finally {
    if (wanted === percent) wanted = undefined;
  }
}
