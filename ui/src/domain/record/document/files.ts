const NAMES: Readonly<Record<string, string>> = {
  'application/pdf': 'PDF',
  'image/jpeg': 'JPEG',
  'image/png': 'PNG',
  'image/gif': 'GIF',
  'image/webp': 'WebP',
  'image/tiff': 'TIFF',
  'text/plain': 'TXT',
  'text/html': 'HTML',
  'application/xhtml+xml': 'HTML',
  'text/rtf': 'RTF',
  'application/rtf': 'RTF',
  'text/xml': 'XML',
  'application/xml': 'XML',
  'application/hl7-v3+xml': 'C-CDA',
  'application/cda+xml': 'C-CDA',
  'application/dicom': 'DICOM',
  'application/json': 'JSON',
  'application/fhir+json': 'FHIR JSON',
};

/** What people call a type of file; the type itself when it has no such name, `null` when none is stated. */
export function fileKind(contentType: string | null | undefined): string | null {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  return type ? (NAMES[type] ?? type) : null;
}

const PAGE = 2400;

/**
 * Cuts a long text into pages at the end of a paragraph, a line or a word, whichever comes first before a page is
 * full. Joined again, the pages are the text.
 */
export function pagesOf(text: string): readonly string[] {
  const pages: string[] = [];
  let rest = text;
  while (rest.length > PAGE) {
    const cut = lastBreak(rest.slice(0, PAGE));
    pages.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  return [...pages, rest];
}

function lastBreak(page: string): number {
  for (const end of ['\n\n', '\n', ' ']) {
    const at = page.lastIndexOf(end);
    if (at > PAGE / 2) return at + end.length;
  }
  return page.length;
}

/** The bytes of a base64 text. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
