// A person's browser: opens an address in headless Chromium and follows it until the app at the end has told what it got.
//
//     node app/browse.mjs ADDRESS APP_ORIGIN
//
// Prints a line of JSON for each page on the way that is not the app's own, {page, text}; then {told}. After that, each
// line on standard input makes the app ask again, which prints {again}. It ends when standard input closes.
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "../../../ui/node_modules/playwright-core/index.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const PATIENCE = 60_000;

const [address, origin] = process.argv.slice(2);
const folders = (process.env.PATH ?? "").split(delimiter);
const executablePath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
if (!executablePath) throw new Error("no Chromium is installed");
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

const profile = await mkdtemp(join(tmpdir(), "browser-"));
const context = await chromium.launchPersistentContext(profile, {
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"],
});
try {
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(PATIENCE);
  const seen = new Set();
  page.on("domcontentloaded", async () => {
    const url = new URL(page.url());
    if (url.origin === origin || seen.has(url.href)) return;
    seen.add(url.href);
    // A page that went on meanwhile has nothing to say.
    const text = await page.locator("body").innerText().catch(() => undefined);
    if (text !== undefined) say({ page: await page.title().catch(() => ""), text, path: url.pathname });
  });
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  await page.goto(address);
  await page.waitForSelector("html[data-done]", { state: "attached" });
  say({ told: JSON.parse(await page.locator("#told").textContent()), complaints, url: page.url() });
  for await (const _line of createInterface({ input: process.stdin })) say({ again: await page.evaluate(() => globalThis.again()) });
} finally {
  await context.close();
  await rm(profile, { recursive: true, force: true });
}
