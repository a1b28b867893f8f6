/** Largest file that is read: a photo of a QR code is far below it. */
export const LARGEST = 20_000_000;

/** The bytes of a file as the wallet takes them; `null` when it is too large. */
export async function bytesFrom(file: File): Promise<number[] | null> {
  if (file.size > LARGEST) return null;
  return [...new Uint8Array(await file.arrayBuffer())];
}

/** A text as the wallet takes what came in. */
export function bytesOf(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}
