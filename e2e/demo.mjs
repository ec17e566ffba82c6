// Starts a full system with a seeded insurer for the tests of one file.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Person } from "./browser.mjs";

const BINARY = process.env.ANPEI_BIN ?? fileURLToPath(new URL("../target/debug/anpei", import.meta.url));
const READY_SECONDS = 60;

/** Runs a journey in a system of its own, and tells what was on the screens when it fails. */
export async function inDemo(options, journey) {
  const demo = await Demo.start(options);
  let failure;
  try {
    await journey(demo);
  } catch (error) {
    failure = error;
    const screens = await Promise.all(demo.persons.map((person) => person.lastSeen()));
    failure.message += `\n${screens.join("\n")}\n${demo.log.slice(-20).join("\n")}`;
  }
  await Promise.all(demo.persons.map((person) => person.leave()));
  await demo.stop().catch((error) => (failure ??= error));
  if (failure) throw failure;
}

export class Demo {
  /** Resolves when the system says where it is. Fewer claims are there sooner. */
  static async start({ claims = 320 } = {}) {
    const demo = new Demo();
    demo.folder = mkdtempSync(join(tmpdir(), "anpei-e2e-"));
    demo.log = [];
    demo.process = spawn(BINARY, ["demo", "--json", "--data", demo.folder, "--claims", `${claims}`], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    demo.ended = new Promise((resolve) => demo.process.once("exit", (code, signal) => resolve({ code, signal })));
    createInterface({ input: demo.process.stderr }).on("line", (line) => demo.log.push(line));
    demo.about = await demo.#announcement();
    demo.origin = demo.about.base;
    demo.sessions = new Map();
    demo.persons = [];
    return demo;
  }

  #announcement() {
    return new Promise((resolve, reject) => {
      const fail = (why) => reject(new Error(`${BINARY} demo ${why}\n${this.log.slice(-30).join("\n")}`));
      const timer = setTimeout(() => {
        this.process.kill("SIGKILL");
        fail(`said nothing for ${READY_SECONDS} s`);
      }, READY_SECONDS * 1000);
      this.process.once("error", (error) => fail(`could not be started: ${error.message}`));
      this.ended.then(({ code, signal }) => fail(`ended with ${code ?? signal}`));
      createInterface({ input: this.process.stdout }).on("line", (line) => {
        if (!line.startsWith("{")) return;
        clearTimeout(timer);
        resolve(JSON.parse(line));
      });
    });
  }

  /** The one-time link of a role, as the demo announced it. */
  link(role) {
    const link = this.about.roles[role];
    assert.ok(link, `the demo has no link for ${role}: ${Object.keys(this.about.roles)}`);
    return link;
  }

  /** Somebody of a role, signed in. A link opens once, so the session it began is kept for the next one who comes. */
  async person(browser, role, look, options = {}) {
    if (!this.sessions.has(role)) {
      const first = await Person.arrive(browser, this.origin);
      await first.enter(this.link(role));
      this.sessions.set(role, await first.context.storageState());
      await first.leave();
    }
    return this.#arrived(browser, look, { ...options, session: this.sessions.get(role) });
  }

  /** Somebody who has not signed in. */
  visitor(browser, look, options = {}) {
    return this.#arrived(browser, look, options);
  }

  async #arrived(browser, look, options) {
    const person = await Person.arrive(browser, this.origin, look, options);
    this.persons.push(person);
    return person;
  }

  /** Asks the JSON interface as the demo's program does. */
  async api(method, path, body, headers = {}) {
    const answer = await fetch(new URL(path, this.origin), {
      method,
      headers: {
        authorization: `Bearer ${this.about.api_token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(method === "POST" ? { "idempotency-key": randomUUID() } : {}),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    const isJson = /json/.test(answer.headers.get("content-type") ?? "");
    return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
  }

  /** Asks the system to stop; it must do so by itself, in good order. */
  async stop() {
    this.process.kill("SIGTERM");
    const { code, signal } = await this.ended;
    rmSync(this.folder, { recursive: true, force: true });
    assert.equal(code, 0, `the demo ended with ${code ?? signal}\n${this.log.slice(-30).join("\n")}`);
    const unworded = this.log.filter((line) => line.includes("no sentence in the catalogue"));
    assert.deepEqual(unworded, [], "a code was shown instead of a sentence");
  }
}
