import { as, startBrowser, origin } from "./.desk-look.mjs";
const looks = { a: { width: "desk", language: "zh", scheme: "light" }, b: { width: "desk", language: "en", scheme: "dark" }, c: { width: "phone", language: "zh", scheme: "dark" }, d: { width: "phone", language: "en", scheme: "light" } };
const [, , which, ...pages] = process.argv; // which: letters; pages: role:path:name
const browser = await startBrowser();
for (const letter of which) for (const one of pages) {
  const [role, path, name] = one.split("|");
  const person = await as(browser, role, looks[letter]);
  try {
    await person.visit(path);
    await person.page.screenshot({ path: `/tmp/desk/shots/${name}-${letter}.png`, fullPage: process.env.FULL === "1" });
    try { await person.examine("desk-" + name); console.log(letter, name, "ok"); } catch (e) { console.log(letter, name, String(e.message).slice(0, 1500)); }
  } catch (e) { console.log(letter, name, "FAILED", String(e.message).slice(0, 500)); }
  await person.leave();
}
await browser.close();
