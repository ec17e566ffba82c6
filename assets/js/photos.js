// Shows the photos that were chosen, and that they are on their way. Without this script the browser says both in its own manner.

const form = document.getElementById("doing");
const chosen = document.getElementById("chosen");

form.addEventListener("change", () => {
  // The hint is about the kind that the page was opened for.
  const hint = form.querySelector("[data-for]");
  if (hint) hint.hidden = hint.dataset.for !== form.elements.kind.value;
  for (const image of chosen.querySelectorAll("img")) URL.revokeObjectURL(image.src);
  const files = [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
  chosen.replaceChildren(...files.map(shown));
});

form.addEventListener("submit", () => {
  const button = document.querySelector(`button[form="${form.id}"]`);
  button.textContent = form.dataset.sending;
  button.setAttribute("aria-busy", "true");
});

function shown(file) {
  const image = document.createElement("img");
  image.src = URL.createObjectURL(file);
  image.alt = "";
  // What the browser cannot show may still be a photo: the server looks at it.
  image.addEventListener("error", () => image.remove());
  const frame = document.createElement("span");
  frame.className = "photo-frame";
  frame.append(image);
  const name = document.createElement("span");
  name.textContent = file.name;
  const item = document.createElement("li");
  item.className = "photo";
  item.append(frame, name);
  return item;
}
