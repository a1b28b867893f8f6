const PART = /shc:\/(\d+)\/(\d+)\/\d+/g;

/** The parts of one QR code in several that a text holds, each once. */
export function partsIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(PART)].map(([whole]) => whole))];
}
