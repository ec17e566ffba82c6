// What a customer does, step by step, on the pages. Works with and without scripts, in any language: it knows fields and addresses only.
import assert from "node:assert/strict";

/** An account that the demo's bank pays at once. */
export const ACCOUNT = `622202020011223344${luhn("622202020011223344")}`;

/** An account of which the demo's bank says only after a while that it has paid. */
export const LATE_ACCOUNT = `622202020011223356${luhn("622202020011223356")}`;

/** Fills in the first notice and sends it; returns the claim's number. */
export async function report(person, notice = {}) {
  await person.visit("/report");
  await fillReport(person, notice);
  await send(person, "report");
  const claim = person.page.url().match(/\/claims\/([^/?]+)/)?.[1];
  assert.ok(claim, `the report ended at ${person.page.url()}\n${await person.text()}`);
  return claim;
}

/** Fills in the fields of the report that have no good value yet. */
export async function fillReport(person, { cause = "object", damage = "light", injury = "none", place, plate, story } = {}) {
  const { page } = person;
  await choose(page, "injury", injury);
  await page.fill("[name=place]", place ?? "北京市朝阳区建国路与西大望路交叉口");
  await choose(page, "cause", cause);
  await choose(page, "others", "none");
  await choose(page, "damage", damage);
  if (story) await page.fill("[name=story]", story);
  if (plate) await page.fill("[name=plate]", plate);
  if ((await page.inputValue("[name=name]")) === "") await page.fill("[name=name]", "陈思远");
  await page.fill("[name=phone]", "13812345678");
}

/** Sends a photo of each kind that is still asked for, until none is. */
export async function sendPhotos(person, claim, photos) {
  const { page } = person;
  await sendPhoto(person, claim, "photo-damage", [photos.pop()]);
  for (let round = 0; round < 12; round += 1) {
    await person.visit(`/claims/${claim}`);
    const wanted = await page.locator("#claim-papers a[href*='/photos?kind=']").first();
    if ((await wanted.count()) === 0) return;
    const kind = new URL(await wanted.getAttribute("href"), person.origin).searchParams.get("kind");
    const photo = photos.pop();
    assert.ok(photo, `more photos are asked for than were made: ${kind}`);
    await sendPhoto(person, claim, kind, [photo]);
  }
  assert.fail(`photos are still asked for:\n${await page.locator("#claim-papers").innerText()}`);
}

export async function sendPhoto(person, claim, kind, files) {
  const { page } = person;
  await person.visit(`/claims/${claim}/photos?kind=${kind}`);
  assert.equal(await page.inputValue("[name=kind]"), kind);
  await page.setInputFiles("[name=album]", files);
  await send(person, "doing");
}

/** Picks parts on the drawing of the car, then how each looks, each on the first photo. */
export async function pickDamage(person, claim, parts, damage = "scratch") {
  const { page } = person;
  await person.visit(`/claims/${claim}/damage`);
  for (const part of parts) {
    const zone = page.locator("details.car-zone", { has: page.locator(`#part-${part}`) });
    if (!(await zone.evaluate((zone) => zone.open))) await zone.locator("summary").click();
    await page.check(`#part-${part}`);
  }
  await send(person, "doing");
  assert.match(page.url(), /step=looks/);
  for (const part of parts) {
    await choose(page, `damage-${part}`, damage);
    await page.locator(`[name=photo-${part}]`).first().check();
  }
  await send(person, "doing");
}

/** Says where to pay. */
export async function chooseAccount(person, claim, number = ACCOUNT) {
  await person.visit(`/claims/${claim}/account`);
  await person.page.fill("[name=account_name]", "陈思远");
  await person.page.fill("[name=account_number]", number);
  await send(person, "doing");
}

export async function rate(person, claim, stars) {
  await person.visit(`/claims/${claim}/rate`);
  await choose(person.page, "stars", String(stars));
  await send(person, "doing");
}

/** Presses the button of a form and waits for what is answered. */
export async function send(person, form) {
  const { page } = person;
  await Promise.all([
    page.waitForNavigation({ waitUntil: "load" }),
    page.locator(`button[type=submit][form=${form}], #${form} button[type=submit]`).first().click(),
  ]);
}

export async function choose(page, name, value) {
  const choice = page.locator(`[name="${name}"][value="${value}"]`);
  const closed = page.locator("details:not([open])", { has: choice });
  if ((await closed.count()) > 0) await closed.first().locator("summary").click();
  await choice.check();
}

/** The digit that completes the number of a bank card. */
function luhn(digits) {
  const sum = [...digits].reverse().reduce((sum, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return sum + (value > 9 ? value - 9 : value);
  }, 0);
  return String((10 - (sum % 10)) % 10);
}
