/** Largest file that is read for a card: a photo of a QR code is far below it. */
export const LARGEST = 20_000_000;

/** The bytes of a file as the wallet takes them; `null` when it is too large to be a card. */
export async function bytesFrom(file: File): Promise<number[] | null> {
  if (file.size > LARGEST) return null;
  return [...new Uint8Array(await file.arrayBuffer())];
}

const PART = /shc:\/(\d+)\/(\d+)\/\d+/g;

/** The parts of one QR code in several that a text holds, each once. */
export function partsIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(PART)].map(([whole]) => whole))];
}
