// The tour of the README is run as it is printed: what a newcomer copies must work.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startBrowser } from "../browser.mjs";
import { inDemo } from "../demo.mjs";
import { makePhotos } from "../photos.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TOUR_SECONDS = 60;

let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());

for (const name of ["README.md", "README.zh-CN.md"]) {
  test(`the tour of ${name} ends with a claim that is paid and closed`, () =>
    inDemo({ claims: 10 }, async (demo) => {
      const blocks = readFileSync(join(ROOT, name), "utf8").split("```sh\n").slice(1);
      const tour = blocks.map((block) => block.split("\n```")[0]).find((block) => block.includes("$TOKEN"));
      assert.ok(tour, `${name} has no tour`);
      const folder = mkdtempSync(join(tmpdir(), "anpei-tour-"));
      try {
        mkdirSync(join(folder, "fixtures"));
        copyFileSync(join(ROOT, "fixtures/policies.csv"), join(folder, "fixtures/policies.csv"));
        for (const [at, photo] of (await makePhotos(browser, 6)).entries()) {
          writeFileSync(join(folder, `${at + 1}.jpg`), photo.buffer);
        }
        const { stdout } = await promisify(execFile)("bash", ["--norc", "-eo", "pipefail", "-c", tour], {
          cwd: folder,
          env: { ...process.env, ANPEI: demo.origin, TOKEN: demo.about.api_token },
          timeout: TOUR_SECONDS * 1000,
        });
        const claim = JSON.parse(stdout.trim().split("\n").at(-1));
        assert.equal(claim.stage, "closed");
        assert.equal(claim.payments.length, 1);
        assert.ok(Number(claim.payments[0].amount) > 0, JSON.stringify(claim.payments));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }));
}
