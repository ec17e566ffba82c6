// Starts a full system with a seeded insurer for the tests of one file.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const BINARY = process.env.ANPEI_BIN ?? fileURLToPath(new URL("../target/debug/anpei", import.meta.url));
const READY_SECONDS = 60;

export class Demo {
  /** Resolves when the system says where it is. */
  static async start() {
    const demo = new Demo();
    demo.folder = mkdtempSync(join(tmpdir(), "anpei-e2e-"));
    demo.log = [];
    demo.process = spawn(BINARY, ["demo", "--json", "--port", "0", "--data", demo.folder], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    demo.ended = new Promise((resolve) => demo.process.once("exit", (code, signal) => resolve({ code, signal })));
    createInterface({ input: demo.process.stderr }).on("line", (line) => demo.log.push(line));
    demo.about = await demo.#announcement();
    demo.origin = new URL(demo.about.url).origin;
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

  /** The account of a role, as the demo announced it. */
  account(role) {
    const found = this.about.accounts.find((account) => account.role === role);
    assert.ok(found, `the demo has no account for ${role}: ${this.about.accounts.map((account) => account.role)}`);
    return found;
  }

  /** Asks the system to stop; it must do so by itself, in good order. */
  async stop() {
    this.process.kill("SIGTERM");
    const { code, signal } = await this.ended;
    rmSync(this.folder, { recursive: true, force: true });
    assert.equal(code, 0, `the demo ended with ${code ?? signal}\n${this.log.slice(-30).join("\n")}`);
  }
}
