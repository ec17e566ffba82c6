// What staff do on the desk. Knows addresses, fields and the keys of buttons only, so it works in any language.
import assert from "node:assert/strict";

/** Opens the work list and goes to a claim from there, or by the search where the list is long. */
export async function openFromWorkList(person, claim, which = "all") {
  const { page } = person;
  await person.visit(`/desk?which=${which}`);
  await person.examine(`desk-work-${which}`);
  await page.locator(".desk-main [name=q]").first().fill(claim);
  await page.locator(".desk-main [name=q]").first().press("Enter");
  await page.waitForLoadState("load");
  if (!page.url().includes(`/desk/claims/${claim}`)) await page.locator(`a[href*="/desk/claims/${claim}"]`).first().click();
  await page.waitForURL((url) => url.pathname === `/desk/claims/${claim}`);
}

/** Unfolds a form on its tab. */
export async function unfold(person, claim, tab, word) {
  await person.visit(`/desk/claims/${claim}?tab=${tab}`);
  await person.page.locator(`.desk-panel a[data-edit=${word}]`).first().click();
  await person.page.locator("#edit").waitFor();
}

/** Sends the form that is unfolded; it must be taken. */
export async function sendEdit(person, word) {
  await Promise.all([
    person.page.waitForNavigation({ waitUntil: "load" }),
    person.page.locator("#edit .button-main").click(),
  ]);
  assert.match(person.page.url(), new RegExp(`done=${word}`), `${word} was not taken:\n${await person.text()}`);
}

export async function inspect(person, claim, findings) {
  await unfold(person, claim, "assessment", "inspection");
  await person.page.fill("#edit [name=findings]", findings);
  await sendEdit(person, "inspection");
}

/** Writes the lines of an assessment; a line is a part, how it looks, what is done, and a price of one's own. */
export async function assess(person, lines) {
  const { page } = person;
  for (const [at, line] of lines.entries()) {
    const row = page.locator("#edit tbody tr").nth(at);
    await row.locator("[name=part]").selectOption(line.part);
    await row.locator("[name=damage]").selectOption(line.damage);
    await row.locator("[name=operation]").selectOption(line.operation);
    await row.locator("[name=price]").fill(line.price);
    await row.locator("[name=photo]").selectOption({ index: 1 });
  }
  await sendEdit(person, "assessment");
}

/** Unfolds the confirmation of an approval and gives it. */
export async function approve(person) {
  const { page } = person;
  const form = page.locator("form[action$='/approval']");
  await page.locator("details.confirm", { has: form }).locator("summary").click();
  await Promise.all([page.waitForNavigation({ waitUntil: "load" }), form.locator("button[type=submit]").click()]);
  assert.match(page.url(), /done=approval/, `the approval was not taken:\n${await person.text()}`);
}

/** Unfolds the confirmation that a second person gives, and gives it. */
export async function confirmAs(person, word) {
  const { page } = person;
  const form = page.locator(`form[action$='/${word}']`);
  await page.locator("details.confirm", { has: form }).locator("summary").click();
  await Promise.all([page.waitForNavigation({ waitUntil: "load" }), form.locator("button[type=submit]").click()]);
  assert.match(page.url(), new RegExp(`done=${word}`), `${word} was not taken:\n${await person.text()}`);
}
