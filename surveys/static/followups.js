// Shows a follow-up only to those whose score it fits, and the field of an "other" option only to those who chose it.
// What is hidden is not sent, and not lost: it stands there again when the choice changes back. Without this script
// everything is shown.
const parts = document.querySelectorAll("[data-scores], [data-other]");

function isWanted(part) {
  if (part.dataset.other) return document.getElementById(part.dataset.other).checked;
  const score = document.querySelector(".nps input:checked");
  const [low, high] = part.dataset.scores.split("-").map(Number);
  return score !== null && low <= Number(score.value) && Number(score.value) <= high;
}

function showWanted() {
  for (const part of parts) part.hidden = !isWanted(part);
  for (const part of parts) {
    for (const field of part.querySelectorAll("input, textarea")) {
      field.disabled = field.closest("[hidden]") !== null;
      if ("required" in field.dataset) field.required = !field.disabled;
    }
  }
}

for (const note of document.querySelectorAll(".asked-of")) note.hidden = true;
document.addEventListener("change", showWanted);
showWanted();
