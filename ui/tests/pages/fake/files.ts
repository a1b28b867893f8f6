/** A visit in plain text. */
export const SUMMARY = `Fenwick Valley Clinic
Department of Cardiology

After-visit summary
Patient: Ines Calder, born 8 Feb 1955
Visit: 2 November 2026, 14:30, Dr P. Ashdown

Why you came
Six-month review. No chest pain. Walks 40 minutes a day. Sleeps well.

What we measured
Blood pressure 128/76 mmHg, pulse 66 a minute, weight 68.4 kg.

What we changed
The evening dose of metoprolol goes from 50 mg to 25 mg. Everything else stays the same.

What comes next
Blood tests in one week. Next visit in May 2027. Call us if you feel dizzy when you stand up.`;

/** A small picture, four grey fields. */
export const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVQI12No+M9Q/x8ABvoCf8UKcFkAAAAASUVORK5CYII=';

/** A PDF of three pages, made by hand. */
export const PDF = btoa(pdf(['After-visit summary', 'What we measured: 128/76 mmHg', 'What comes next: blood tests in one week']));

function pdf(pages: readonly string[]): string {
  const objects: string[] = ['<< /Type /Catalog /Pages 2 0 R >>', `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, at) => `${4 + at * 2} 0 R`).join(' ')}] >>`, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'];
  for (const [at, text] of pages.entries()) {
    const stream = `BT /F1 24 Tf 72 700 Td (${text}) Tj ET 72 680 m 540 680 l S`;
    objects.push(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${5 + at * 2} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`);
    objects.push(`<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`);
  }
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, at) => {
    const offset = body.length;
    body += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  return `${body}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF`;
}
