/** Says something to a screen reader: one polite and one urgent region for the whole application. */

export function announce(text, { urgent = false } = {}) {
  const region = document.querySelector(urgent ? "#assertive" : "#polite");
  region.textContent = "";
  setTimeout(() => {
    region.textContent = text;
  }, 50);
}
