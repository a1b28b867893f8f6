// The build for older engines: WebKitGTK lacks some of what the other one uses.
import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { StandardFonts } from './fonts';
import worker from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url';

GlobalWorkerOptions.workerSrc = worker;

/** A PDF that is read in a worker and drawn as pictures: nothing in it can run, follow a link or load anything. */
export interface Pdf {
  readonly pages: number;
  /** Draws a page, counted from 1, as wide as `width` device pixels. */
  draw(page: number, canvas: HTMLCanvasElement, width: number): Promise<void>;
  /** The text of a page; empty for a scan. */
  text(page: number): Promise<string>;
  close(): void;
}

/** Opens a PDF. It evaluates no code, installs no fonts in the window and fetches nothing. */
export async function openPdf(data: Uint8Array): Promise<Pdf> {
  const task = getDocument({
    data,
    isEvalSupported: false,
    enableXfa: false,
    BinaryDataFactory: StandardFonts,
    disableFontFace: true,
    useSystemFonts: false,
    useWasm: false,
    useWorkerFetch: false,
    disableAutoFetch: true,
    disableRange: true,
    disableStream: true,
    maxImageSize: 64_000_000,
    verbosity: 0,
  });
  const pdf = await task.promise;
  const running = new WeakMap<HTMLCanvasElement, { cancel(): void }>();
  return {
    pages: pdf.numPages,
    async draw(page, canvas, width) {
      running.get(canvas)?.cancel();
      const sheet = await pdf.getPage(page);
      const natural = sheet.getViewport({ scale: 1 });
      const viewport = sheet.getViewport({ scale: Math.min(width, MOST_PIXELS) / natural.width });
      canvas.width = Math.floor(viewport.width);
      canvas.height = Math.floor(viewport.height);
      const drawing = sheet.render({ canvas, viewport });
      running.set(canvas, drawing);
      await drawing.promise.catch((thrown: unknown) => {
        if (!(thrown instanceof Error) || thrown.name !== 'RenderingCancelledException') throw thrown;
      });
    },
    text: (page) => textOf(pdf, page),
    close: () => void task.destroy(),
  };
}

const MOST_PIXELS = 4000;

// `getTextContent` iterates a stream in a way that WebKitGTK does not know.
async function textOf(pdf: PDFDocumentProxy, page: number): Promise<string> {
  const sheet = await pdf.getPage(page);
  const reader = (sheet.streamTextContent() as ReadableStream<{ items: TextPiece[] }>).getReader();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return text.trim();
    for (const piece of value.items) text += `${piece.str ?? ''}${piece.hasEOL ? '\n' : ''}`;
  }
}

interface TextPiece {
  str?: string;
  hasEOL?: boolean;
}
