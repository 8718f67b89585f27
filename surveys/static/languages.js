// Another language goes past the outbox, straight to the server: it is no answer, and what was entered comes back with it.
for (const button of document.querySelectorAll("button[name=language]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    // without a network there is no page in that language
    if (!navigator.onLine) return;
    const chosen = document.createElement("input");
    chosen.type = "hidden";
    chosen.name = button.name;
    chosen.value = button.value;
    button.form.append(chosen);
    const { action } = button.form;
    button.form.action = button.formAction;
    // a follow-up that does not fit the score now takes its words along too
    for (const field of button.form.elements) field.disabled = false;
    button.form.submit();
    // the browser may come back to this page as it was left
    button.form.action = action;
    chosen.remove();
    showWanted();
  });
}
