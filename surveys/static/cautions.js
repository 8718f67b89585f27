// Says beside a text what looks like personal data in it, before it is sent. Nothing leaves the browser for that, and
// nothing is refused: the server masks what is sent anyhow. The words are the page's; `kind` names each.
const SIGNS = {
  phone: /(?:^|\D)(?:0|\+81[- ]?\d)(?:[- ()]{0,2}\d){8,10}(?!\d)/,
  mail: /[\w.+-]+@[\w-]+\.\w/,
  postcode: /〒\s*\d{3}-?\d{4}/,
  number: /(?:^|[^\d+])[1-9](?:\d{9,}|\d{3}(?:[- ]?\d{4}){2,})/,
  link: /https?:\/\/|www\.\w/i,
};
const PAUSE = 400;

// full-width digits and the many dashes of Japanese keyboards are what a phone number is often written with
const folded = (text) => text.normalize("NFKC").replace(/[‐-―−ー](?=\d)/g, "-");

const kindsIn = (text) => Object.keys(SIGNS).filter((kind) => SIGNS[kind].test(folded(text)));

const caution = (field, number, words) => {
  const note = document.createElement("div");
  note.className = "caution";
  note.id = `caution-${number}`;
  note.setAttribute("role", "status");
  field.after(note);
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") || ""} ${note.id}`.trim());
  let shown = "";
  let timer = 0;
  const look = () => {
    const kinds = kindsIn(field.value);
    // a screen reader reads the note anew whenever it changes
    if (kinds.join() === shown) return;
    shown = kinds.join();
    note.replaceChildren(...kinds.map((kind) => words.querySelector(`[data-kind="${kind}"]`).cloneNode(true)));
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  look();
};

const words = document.getElementById("cautions");
if (words) {
  // a field that asks for a mail address or a phone number says so by `autocomplete`
  const fields = document.querySelectorAll("form textarea, form input[type=text]:not([autocomplete])");
  fields.forEach((field, number) => caution(field, number, words.content));
}
