// Other systems: an address is registered, its receiver is gone, what was not taken is sent again.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { LOOKS, STAFF_LOOKS, lookName, startBrowser } from "../browser.mjs";
import { inDemo } from "../demo.mjs";

let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());

/** A receiver on this machine that answers with `status`, and remembers what it took. */
async function startReceiver(status) {
  const receiver = { status, taken: [], seen: 0 };
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    receiver.seen += 1;
    if (receiver.status < 300) {
      const event = JSON.parse(Buffer.concat(chunks).toString());
      receiver.taken.push({ id: request.headers["webhook-id"], signature: request.headers["webhook-signature"], event });
    }
    response.writeHead(receiver.status, { connection: "close" }).end("no receiver here any more");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  receiver.url = `http://127.0.0.1:${server.address().port}/anpei`;
  receiver.close = () => server.close();
  return receiver;
}

async function until(what, told) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await what()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(told);
}

/** Reports an accident as the demo's program does; what happens is told. */
async function reported(demo, plate) {
  const occurred_at = new Date(Date.now() - 3_600_000).toISOString();
  const notice = { occurred_at, cause: "reversing", place: "地库", plate, name: "林知远", phone: "13800010101" };
  const answer = await demo.api("POST", "/api/v1/claims", notice);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body.claim;
}

for (const [at, look] of STAFF_LOOKS.entries()) {
  test(`what a receiver did not take is seen and sent again: ${lookName(look)}`, () =>
    inDemo({ claims: 10 }, async (demo) => {
      const receiver = await startReceiver(410);
      try {
        const person = await demo.person(browser, "administrator", look);
        const { page } = person;
        await person.visit("/desk/webhooks");
        await page.locator(".desk-fold summary").click();
        await page.fill("[name=url]", "http://hooks.example.com/");
        await page.locator(".desk-form .button-main").click();
        await page.waitForLoadState("load");
        assert.equal(await page.inputValue("[name=url]"), "http://hooks.example.com/", "what is wrong is shown at its field");
        await person.examine("webhooks-refused");
        await page.fill("[name=url]", receiver.url);
        await page.locator(".desk-form .button-main").click();
        await page.waitForLoadState("load");
        assert.match(await page.inputValue("[role=status] input"), /^whsec_/);
        await person.examine("webhooks-registered");

        const claim = await reported(demo, `京B0000${at + 1}`);
        // The letter is dead a moment before the address is off.
        const dead = async () => {
          await person.visit("/desk/webhooks");
          return (await page.locator("form[action$='/switch'] [name=enabled][value='1']").count()) > 0;
        };
        await until(dead, "no dead letter is shown");
        assert.ok((await person.text()).includes(claim), "the dead letter is shown");
        await person.examine("webhooks-dead");

        receiver.status = 204;
        await page.locator("form[action$='/switch'] button").first().click();
        await page.waitForURL(/done=webhook-on/);
        await page.locator("form[action$='/replay'] button").first().click();
        await page.waitForURL(/done=webhook-replay/);
        await until(() => receiver.taken.some(({ event }) => event.subject === claim), "nothing was sent again");
        for (const { id, signature, event } of receiver.taken) {
          assert.equal(event.id, id);
          assert.match(signature, /^v1,[A-Za-z0-9+/]+=*$/);
        }
        await until(async () => {
          await person.visit("/desk/webhooks");
          return !(await person.text()).includes(claim);
        }, "the dead letter stays");
        await person.examine("webhooks-taken");
      } finally {
        receiver.close();
      }
    }));
}

test("the page of other systems has no barriers", () =>
  inDemo({ claims: 10 }, async (demo) => {
    const receiver = await startReceiver(503);
    try {
      const first = await demo.person(browser, "administrator", LOOKS[0]);
      await first.visit("/desk/webhooks");
      await first.page.locator(".desk-fold summary").click();
      await first.page.fill("[name=url]", receiver.url);
      await first.page.locator(".desk-form .button-main").click();
      await first.page.waitForLoadState("load");
      await reported(demo, "京B00009");
      await until(() => receiver.seen > 0, "nothing was told");
      for (const look of LOOKS) {
        const person = await demo.person(browser, "administrator", look);
        await person.visit("/desk/webhooks?which=waiting");
        await person.examine("webhooks-waiting");
        await person.page.locator(".desk-fold summary").click();
        await person.examine("webhooks-form");
        await person.leave();
      }
    } finally {
      receiver.close();
    }
  }));
