import { bytesOf } from './files';

// Fonts that every PDF may use without carrying them. They come as modules of the window, so that nothing is fetched.
const FONTS = import.meta.glob<string>('../../../../node_modules/pdfjs-dist/standard_fonts/*.{pfb,ttf}', { query: '?url&inline', import: 'default' });

/** Hands the reader of a PDF the standard fonts, and nothing else it may ask for. */
export class StandardFonts {
  async fetch({ kind, filename }: { kind: string; filename: string }): Promise<Uint8Array> {
    const [, found] = Object.entries(FONTS).find(([path]) => kind === 'standardFontDataUrl' && path.endsWith(`/${filename}`)) ?? [];
    if (!found) throw new Error('the PDF asks for data that is not here');
    const [, base64 = ''] = (await found()).split(',');
    return bytesOf(base64);
  }
}
