/** Modules of quiet zone that the standard asks for on every side. */
export const QUIET = 4;

/** A QR code as one path: `side` is the side of the drawing in modules, quiet zone included. */
export interface QrDrawing {
  readonly side: number;
  readonly path: string;
}

/** Draws rows of `0` and `1`: each run of dark modules becomes one rectangle of the path. */
export function drawQr(rows: readonly string[]): QrDrawing {
  const runs = rows.flatMap((row, y) =>
    [...row.matchAll(/1+/g)].map(({ index, 0: run }) => `M${index + QUIET} ${y + QUIET}h${run.length}v1h-${run.length}z`),
  );
  return { side: rows.length + 2 * QUIET, path: runs.join('') };
}

/** Fewest CSS pixels a module may have before hand-held scanners begin to fail at it. */
const SMALLEST_MODULE = 3;

/** Side in CSS pixels below which a code is too small to be scanned. */
export function smallestSide(drawing: QrDrawing): number {
  return drawing.side * SMALLEST_MODULE;
}
