// Counts that this form was begun: at the first thing entered by hand, and nothing about what it was.
const begun = document.querySelector("form[data-started]");

function tellStarted(event) {
  if (!event.isTrusted) return;
  begun.removeEventListener("input", tellStarted);
  navigator.sendBeacon(begun.dataset.started);
}

if (begun && navigator.sendBeacon) begun.addEventListener("input", tellStarted);
