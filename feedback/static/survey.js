// Shows at once how a survey looks that is being edited, and asks before what was typed is left behind.
const form = document.querySelector("#survey-form");
let unsaved = "changed" in form.dataset;

form.addEventListener("input", () => {
  unsaved = true;
});
form.addEventListener("submit", (event) => {
  if (event.submitter?.formTarget !== "phone") unsaved = false;
});
addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});

if (!document.querySelector("iframe[src]")) document.querySelector("#show-preview").click();
