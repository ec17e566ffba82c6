// Opens Chromium as a phone or a desk, in a language and a colour scheme, and looks at each page for barriers.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const PICTURES = process.env.ANPEI_SCREENSHOTS ?? fileURLToPath(new URL("../target/screenshots/", import.meta.url));

export const WIDTHS = { phone: { width: 390, height: 844 }, desk: { width: 1440, height: 900 } };
export const LANGUAGES = { zh: "zh-CN", en: "en" };
export const SCHEMES = ["light", "dark"];

const EVERY_LOOK = Object.keys(WIDTHS).flatMap((width) =>
  Object.keys(LANGUAGES).flatMap((language) => SCHEMES.map((scheme) => ({ width, language, scheme }))),
);
const looks = (...few) => (process.env.ANPEI_LONG ? EVERY_LOOK : few);
const look = (width, language, scheme) => ({ width, language, scheme });

/** For pages that are only looked at: every pair of width and language, both schemes. With ANPEI_LONG every look. */
export const LOOKS = looks(
  look("phone", "zh", "light"),
  look("phone", "en", "dark"),
  look("desk", "zh", "dark"),
  look("desk", "en", "light"),
);

/** For journeys: both widths, both languages, both schemes, the usual pair first. */
export const CUSTOMER_LOOKS = looks(look("phone", "zh", "light"), look("desk", "en", "dark"));
export const STAFF_LOOKS = looks(look("desk", "zh", "light"), look("phone", "en", "dark"));

export function lookName({ width, language, scheme }) {
  return `${width}-${language}-${scheme}`;
}

/** Starts the browser. Close it after the tests of the file. */
export function startBrowser() {
  return chromium.launch({
    executablePath: process.env.ANPEI_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });
}

/** A person at a screen: their own cookies, width, language and colour scheme. */
export class Person {
  constructor(context, page, look, origin) {
    this.context = context;
    this.page = page;
    this.look = look;
    this.origin = origin;
    this.complaints = [];
    page.on("pageerror", (error) => this.complaints.push(`script error: ${error.message}`));
    page.on("console", (line) => {
      if (line.type() === "error" && !isAnswer(line.text())) this.complaints.push(`console: ${line.text()}`);
    });
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (!["data:", "blob:"].includes(url.protocol) && url.origin !== origin) {
        this.complaints.push(`loads from elsewhere: ${request.url()}`);
      }
    });
  }

  static async arrive(browser, origin, look = LOOKS[0], { scripts = true, session } = {}) {
    const phone = look.width === "phone";
    const context = await browser.newContext({
      viewport: WIDTHS[look.width],
      locale: LANGUAGES[look.language],
      colorScheme: look.scheme,
      timezoneId: "Asia/Shanghai",
      javaScriptEnabled: scripts,
      hasTouch: phone,
      isMobile: phone,
      reducedMotion: "reduce",
      storageState: session,
    });
    context.setDefaultTimeout(15_000);
    return new Person(context, await context.newPage(), look, origin);
  }

  /** Uses a one-time link: opening it shows a page, pressing its button signs in. */
  async enter(link) {
    await this.visit(link);
    await this.page.locator("main form button[type=submit]").first().click();
    await this.page.waitForURL((url) => !url.pathname.startsWith("/enter/"));
  }

  /** Goes to a page and expects it to be answered well. */
  async visit(path, { status = 200 } = {}) {
    const answer = await this.page.goto(new URL(path, this.origin).href);
    assert.equal(answer.status(), status, `${path} answers ${answer.status()}`);
  }

  /** No barrier by axe, nothing wider than the screen, nothing wrong in the scripts; and a picture of it. */
  async examine(name) {
    await this.picture(name);
    // Against the screen itself: a phone zooms out of a page that is too wide, and then finds it fitting.
    const width = await this.page.evaluate(() => document.documentElement.scrollWidth);
    const wider = width - WIDTHS[this.look.width].width;
    assert.ok(wider <= 0, `${name}: the page is ${wider} px wider than the screen`);
    await this.page.evaluate(AXE);
    const { violations } = await this.page.evaluate(
      (tags) => globalThis.axe.run(document, { runOnly: { type: "tag", values: tags } }),
      AXE_TAGS,
    );
    const found = violations.flatMap(({ id, help, nodes }) =>
      nodes.map((node) => `${id} (${help}): ${node.html.slice(0, 200)} ${node.any[0]?.message ?? ""}`),
    );
    assert.deepEqual(found, [], `${name} (${lookName(this.look)}) has barriers`);
    assert.deepEqual(this.complaints, [], `${name} (${lookName(this.look)})`);
  }

  async picture(name) {
    mkdirSync(PICTURES, { recursive: true });
    await this.page.screenshot({ path: `${PICTURES}/${name}-${lookName(this.look)}.png` });
  }

  async text() {
    return this.page.locator("body").innerText();
  }

  /** Where this person is and what they read, for the report of a failure. */
  async lastSeen() {
    if (this.page.isClosed()) return "";
    await this.picture("failed");
    return `--- ${this.page.url()}\n${(await this.text()).replace(/\n+/g, "\n").slice(0, 2500)}`;
  }

  async leave() {
    await this.context.close();
  }
}

/** A refused request is logged by the browser; the tests look at the answer itself. */
function isAnswer(line) {
  return line.startsWith("Failed to load resource: the server responded with a status of");
}
