// Keeps the draft of a report on this device until it has arrived. Without this script the form works the same.

const KEY = "anpei-report";
const KEPT_MS = 24 * 3600 * 1000;
// Marks of one sending, and what should not lie about on a device.
const LEFT_OUT = new Set(["csrf", "idempotency_key", "account_number"]);

const form = document.getElementById("report");
if (form) keep(form);
else if (new URLSearchParams(location.search).has("reported")) localStorage.removeItem(KEY);

function keep(form) {
  // A form that came back with mistakes holds more than the draft.
  if ("fresh" in form.dataset) restore(form);
  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => save(form), 400);
  });
}

function save(form) {
  const fields = [...new FormData(form)].filter(([name, value]) => !LEFT_OUT.has(name) && typeof value === "string");
  const at = new Date();
  try {
    localStorage.setItem(KEY, JSON.stringify({ at: at.getTime(), fields }));
  } catch {
    return; // No room, or not allowed here: then nothing is said to be saved.
  }
  const time = at.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  document.getElementById("saved").textContent = form.dataset.saved.replace("%", time);
}

function restore(form) {
  let draft;
  try {
    draft = JSON.parse(localStorage.getItem(KEY));
  } catch {
    return;
  }
  if (!draft || Date.now() - draft.at > KEPT_MS) return localStorage.removeItem(KEY);
  for (const field of form.elements) {
    if (!field.name || LEFT_OUT.has(field.name)) continue;
    const values = draft.fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
    else if (values.length) field.value = values[0];
  }
  for (const folded of form.querySelectorAll("details:has(:checked)")) folded.open = true;
}
