import { startBrowser, Person } from "./browser.mjs";
import { readFileSync, writeFileSync, existsSync } from "node:fs";
const about = JSON.parse(readFileSync("/tmp/desk/out.json", "utf8").split("\n")[0]);
export const origin = about.base;
const STATES = "/tmp/desk/states.json";
const states = existsSync(STATES) ? JSON.parse(readFileSync(STATES, "utf8")) : {};
export async function as(browser, role, look, opts = {}) {
  if (!states[role] || states[role].base !== about.roles[role]) {
    const ctx = await browser.newContext();
    const page = await ctx.newPage();
    await page.goto(about.roles[role]);
    await page.locator("main form button[type=submit]").first().click();
    await page.waitForLoadState();
    console.log(role, "signed in at", page.url());
    states[role] = { base: about.roles[role], cookies: await ctx.cookies() };
    writeFileSync(STATES, JSON.stringify(states));
    await ctx.close();
  }
  const person = await Person.arrive(browser, origin, look, opts);
  await person.context.addCookies(states[role].cookies);
  return person;
}
export { startBrowser };
