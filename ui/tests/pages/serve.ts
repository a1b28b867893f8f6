import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { build } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const TYPES: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css' };

declare module 'vitest' {
  export interface ProvidedContext {
    site: string;
  }
}

/** Builds the pages over the make-believe wallet and serves them under the very policy of the shell. */
export default async function serve(project: TestProject): Promise<() => Promise<void>> {
  if (process.env['SITE'] !== 'built') await build({ configFile: here('./vite.config.ts'), logLevel: 'warn' });
  const policy = contentSecurityPolicy();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = path === '/' ? '/index.html' : path;
    readFile(join(here('./out/site'), file)).then(
      (body) => response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'content-security-policy': policy }).end(body),
      () => response.writeHead(file === '/favicon.ico' ? 204 : 404).end(),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  project.provide('site', `http://127.0.0.1:${address.port}`);
  return () => new Promise((done) => server.close(() => done()));
}

function contentSecurityPolicy(): string {
  const shell = JSON.parse(readFileSync(here('../../../src-tauri/tauri.conf.json'), 'utf8')) as { app: { security: { csp: Record<string, string> | string } } };
  const { csp } = shell.app.security;
  return typeof csp === 'string' ? csp : Object.entries(csp).map(([name, value]) => `${name} ${value}`).join('; ');
}
