// Writes where the phone is (WGS-84) into the hidden fields of the form, when asked to.

for (const button of document.querySelectorAll("[data-position]")) offer(button);

function offer(button) {
  if (!navigator.geolocation) return;
  button.hidden = false;
  const place = button.parentElement;
  const told = place.querySelector("[role=status]");
  const form = button.form;
  button.addEventListener("click", () => {
    told.textContent = place.dataset.asking;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.latitude.value = coords.latitude.toFixed(7);
        form.elements.longitude.value = coords.longitude.toFixed(7);
        told.textContent = place.dataset.found;
        form.dispatchEvent(new Event("input"));
      },
      () => (told.textContent = place.dataset.failed),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  });
}
