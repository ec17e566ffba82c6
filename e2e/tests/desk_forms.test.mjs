// Every form of the desk: without scripts, with what is wrong in it, when somebody else was faster; and the keys.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startBrowser } from "../browser.mjs";
import { inDemo } from "../demo.mjs";
import { makePhotos } from "../photos.mjs";

const LOOK = { width: "desk", language: "zh", scheme: "light" };

let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());

/** Fills in fields by name: a text, or a choice. */
async function fill(page, form, fields) {
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`${form} [name='${name}']`).first();
    if (await field.evaluate((element) => element.tagName === "SELECT")) await field.selectOption(value);
    else await field.fill(value);
  }
}

async function press(page, button) {
  await Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.locator(button).first().click()]);
}

/** Sends a form of a claim: refused as `wrong` says, then taken. */
async function edit(person, claim, [tab, word, about, wrong, right]) {
  const { page } = person;
  await person.visit(`/desk/claims/${claim}?tab=${tab}&edit=${word}&about=${about}`);
  if (wrong) {
    await fill(page, "#edit", wrong);
    await press(page, "#edit .buttons button");
    assert.match(page.url(), new RegExp(`/${word}$`), `${word} was taken, and should not`);
    const told = await page.locator(".summary a, [role=alert] p").allInnerTexts();
    assert.ok(told.length > 0 && told.every((line) => line.trim().length > 5), `${word}: ${told}`);
  }
  await fill(page, "#edit", right);
  await press(page, "#edit .buttons button");
  assert.match(page.url(), new RegExp(`done=${word}`), `${word} was not taken:\n${await person.text()}`);
}

async function reportForCaller(person) {
  await person.visit("/desk/report");
  await press(person.page, "#report .buttons button");
  assert.equal(await person.page.locator(".summary a").count(), 8, "every field that is needed is named");
  await fill(person.page, "#report", {
    plate: "京A12345", name: "赵一", phone: "13800138000", injury: "none", cause: "crash", place: "建国路88号路口",
    others: "one", other_plate_1: "京B54321", fault: "some", fault_source: "police", damage: "some",
  });
  await press(person.page, "#report .buttons button");
  return person.page.url().match(/claims\/(A\d+-\w+)/)[1];
}

const FACTS = [
  ["facts", "correction", "", undefined, { injury: "light" }],
  ["facts", "fault", "", { "share-A": "130" }, { "share-A": "30", "share-B": "70%", source: "court" }],
  ["facts", "terms", "B", { third_party: "viel" }, { third_party: "1,000,000" }],
  ["facts", "loss", "B", {}, { repair: "2,300.50" }],
  ["facts", "victims", "P1", { medical: "800", medical_outside: "900" }, { medical_outside: "100" }],
  ["facts", "vehicles", "", { plate: "XX" }, { plate: "沪C12345" }],
  ["facts", "waiver", "C", undefined, {}],
  ["facts", "policy", "", { policy: "NOPE" }, { policy: "AN2026-000001" }],
  ["talk", "notes", "", { text: "长".repeat(2100) }, { text: "已电话联系" }],
  ["settlement", "account", "A", { account_name: "赵一", number: "6222020200112233449" }, { number: "6222020200112233446" }],
  ["settlement", "referral", "", {}, { team: "investigation" }],
];

test("every form of a claim works without scripts, and says what is wrong", () =>
  inDemo({ claims: 10 }, async (demo) => {
    const still = { scripts: false };
    const desk = await demo.person(browser, "service-desk", LOOK, still);
    const claim = await reportForCaller(desk);
    for (const form of FACTS) await edit(desk, claim, form);

    await desk.visit(`/desk/claims/${claim}?tab=papers&edit=evidence`);
    const photo = { name: "damage.jpg", mimeType: "image/jpeg", buffer: Buffer.from("no photo") };
    await desk.page.selectOption("[name=kind]", "photo-damage");
    await desk.page.setInputFiles("[name=file]", [photo, ...(await makePhotos(browser, 1))]);
    await press(desk.page, "#edit .buttons button");
    assert.match(await desk.page.locator(".summary").innerText(), /damage\.jpg/, "the file that is none is named");
    assert.equal(await desk.page.locator(".photos li").count(), 1, "the other one is kept");

    const surveyor = await demo.person(browser, "surveyor", LOOK, still);
    await edit(surveyor, claim, ["assessment", "inspection", "", {}, { findings: "右前门凹陷" }]);

    const assessor = await demo.person(browser, "assessor", LOOK, still);
    await assessor.visit(`/desk/claims/${claim}?tab=assessment&edit=assessment&about=A`);
    await fill(assessor.page, "#edit tbody tr:first-child", { part: "front-door-right", damage: "dent", price: "1,234.50" });
    await press(assessor.page, "#edit [name=more]");
    // Somebody writes meanwhile: what was typed stays, and the next sending is taken.
    await edit(desk, claim, ["talk", "notes", "", undefined, { text: "同时的备注" }]);
    await press(assessor.page, "#edit .buttons button");
    assert.match(assessor.page.url(), /\/assessment$/, "what moved on is not overwritten");
    assert.equal(await assessor.page.locator("#edit [name=price]").first().inputValue(), "1,234.50");
    await press(assessor.page, "#edit .buttons button");
    assert.match(assessor.page.url(), /done=assessment/);

    const approver = await demo.person(browser, "senior-approver", LOOK, still);
    const clause = { clause: "车损险条款第八条", reason: "驾驶证在事故时已过期。" };
    await approver.page.waitForTimeout(1000); // What follows an assessment is computed beside.
    await edit(approver, claim, ["settlement", "refusal", "", {}, clause]);
    await edit(approver, claim, ["settlement", "reopening", "", {}, { reason: "客户补交了证件。" }]);
  }));

test("the desk is used by its keys", () =>
  inDemo({ claims: 40 }, async (demo) => {
    const person = await demo.person(browser, "chief-approver", LOOK);
    const { page } = person;
    const key = async (name) => Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.keyboard.press(name)]);
    await person.visit("/desk?which=approval");
    const claims = await page.locator("td.key a").allInnerTexts();
    assert.ok(claims.length > 1, "the demo has claims to approve");
    await page.keyboard.press("j");
    assert.match(await page.locator("tr[aria-current]").innerText(), new RegExp(claims[0]));
    await page.keyboard.press("?");
    await person.examine("desk-keys");
    await page.keyboard.press("Escape");
    // The browser closes the dialog a moment after the key; until then the keys are the dialog's.
    await page.waitForFunction(() => !document.querySelector("dialog[open]"));
    await key("Enter");
    await key("j");
    assert.match(page.url(), new RegExp(claims[1]), "the list is walked on the pages of its claims");
    await page.keyboard.press("a");
    await person.examine("desk-approving");
    await key("Enter");
    assert.match(page.url(), /done=approval/);
    await key("n");
    await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "text");
  }));

test("an account is opened, and its link is shown once", () =>
  inDemo({ claims: 10 }, async (demo) => {
    const person = await demo.person(browser, "administrator", LOOK);
    const { page } = person;
    await person.visit("/desk/accounts");
    await page.locator("summary[data-key=n]").click();
    await press(page, ".desk-form .button-main");
    assert.equal(await page.locator(".summary a").count(), 3);
    await fill(page, ".desk-form", { name: "孙新", login: "sun-xin" });
    await page.check("[name=roles][value=assessor]");
    await press(page, ".desk-form .button-main");
    await person.examine("desk-link");
    const link = await page.locator(".input-link").inputValue();
    const owner = await demo.visitor(browser, LOOK);
    await owner.visit(new URL(link).pathname);
    assert.equal(await owner.page.locator("input[type=password]").count(), 2, "the owner sets a password with it");
    await person.visit("/desk/accounts");
    assert.equal(await page.locator(".input-link").count(), 0, "it is not shown again");
  }));
