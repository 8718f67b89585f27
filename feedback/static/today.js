// Brings today's answers onto the page as they come in; without JavaScript the page reloads itself instead.
const part = document.querySelector("#today");

async function look() {
  try {
    const answer = document.hidden ? null : await fetch(part.dataset.source);
    if (answer?.redirected) location.reload(); // signed out meanwhile
    else if (answer?.ok) part.innerHTML = await answer.text();
  } catch {
    // the network went away for a moment: the next look finds it again
  }
  setTimeout(look, 10000);
}

setTimeout(look, 10000);
