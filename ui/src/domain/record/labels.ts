interface Placed {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly value: number;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * Baselines for the digits of each point: above it, else below it, else none, so that no digits cover others or a
 * point. The newest, the oldest, the highest and the lowest come first, and the newest is written even in a crowd;
 * the table holds them all.
 */
export function placeLabels(
  points: readonly Placed[],
  font: number,
  plot: { readonly top: number; readonly bottom: number },
  line: readonly { readonly x: number; readonly y: number }[] = [],
): readonly (number | null)[] {
  const taken: Box[] = points.map(({ x, y }) => ({ left: x - 7, right: x + 7, top: y - 7, bottom: y + 7 }));
  const labels: (number | null)[] = points.map(() => null);
  for (const at of byWeight(points)) {
    const point = points[at];
    if (!point) continue;
    const spots = [point.y - font * 0.8, point.y + font * 1.5];
    const open = spots.filter((spot) => {
      const box = boxOf(point, spot, font);
      const inside = box.top >= 0 && box.bottom <= plot.bottom;
      return inside && taken.every((other, index) => index === at || apart(box, other));
    });
    const clear = open.find((spot) => !crosses(boxOf(point, spot, font), line));
    const baseline = clear ?? open[0] ?? (at === points.length - 1 ? spots[0] : undefined);
    if (baseline === undefined) continue;
    labels[at] = Math.round(baseline * 10) / 10;
    taken.push(boxOf(point, baseline, font));
  }
  return labels;
}

function byWeight(points: readonly Placed[]): readonly number[] {
  const order = points.map((_, at) => at);
  const highest = [...order].sort((a, b) => (points[b]?.value ?? 0) - (points[a]?.value ?? 0));
  const first = [order.at(-1), order.at(0), highest.at(0), highest.at(-1)].filter((at) => at !== undefined);
  return [...new Set([...first, ...order])];
}

function boxOf({ x, text }: Placed, baseline: number, font: number): Box {
  const half = (text.length * font * 0.62) / 2 + 2;
  return { left: x - half, right: x + half, top: baseline - font * 0.8, bottom: baseline + font * 0.2 };
}

function apart(a: Box, b: Box): boolean {
  return a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
}

function crosses(box: Box, line: readonly { readonly x: number; readonly y: number }[]): boolean {
  return line.some((from, at) => {
    const to = line[at + 1];
    if (!to || to.x <= box.left || from.x >= box.right || to.x === from.x) return false;
    const y = (x: number) => from.y + ((to.y - from.y) * (x - from.x)) / (to.x - from.x);
    const ends = [y(Math.max(from.x, box.left)), y(Math.min(to.x, box.right))];
    return Math.max(...ends) > box.top && Math.min(...ends) < box.bottom;
  });
}
