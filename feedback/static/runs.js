// Keeps the progress of the running analysis current; without JavaScript the page reloads itself instead.
const bar = document.querySelector("#run-progress");

async function look() {
  try {
    const answer = await fetch(bar.dataset.source, { headers: { Accept: "application/json" } });
    const { run } = await answer.json();
    if (!run || String(run.id) !== bar.dataset.run) {
      location.reload();
      return;
    }
    bar.value = run.progress;
    document.querySelector("#run-percent").textContent = `${run.progress}%`;
    document.querySelector("#run-stage").textContent = run.stage;
  } catch {
    // the network went away for a moment: the next look finds it again
  }
  setTimeout(look, 2000);
}

setTimeout(look, 2000);
