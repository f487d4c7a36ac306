// <backmice-evidence>: filters the claims of the evidence page by certainty, design and text.
// Without it the page is the whole list, by topic. The filter is kept in the address.

const FIELDS = ["certainty", "design", "text"];

class BackmiceEvidence extends HTMLElement {
  connectedCallback() {
    if (this.form) return;
    this.rows = [...this.querySelectorAll(".claim-row")].map((element) => ({
      element,
      certainty: element.dataset.certainty,
      design: element.dataset.design,
      text: element.textContent.toLowerCase(),
    }));
    this.form = this.build();
    this.prepend(this.form);
    const asked = new URLSearchParams(location.search);
    for (const name of FIELDS) if (asked.get(name)) this.form.elements[name].value = asked.get(name);
    this.filter();
    this.reveal(location.hash);
    addEventListener("hashchange", () => this.reveal(location.hash));
    // Pressed again, a link changes no address.
    this.addEventListener("click", (event) => this.reveal(event.target.closest("a")?.hash));
  }

  /** Take the filter away when it hides what a link leads to: a claim or a topic of this page. */
  reveal(hash) {
    const target = hash && document.getElementById(hash.slice(1));
    if (!target || !this.contains(target) || !target.closest("[hidden]")) return;
    this.form.reset();
    this.filter();
    target.scrollIntoView();
  }

  /** The form: two lists and a field, named as in the address. */
  build() {
    const form = document.createElement("form");
    form.className = "filter";
    form.setAttribute("role", "search");
    form.setAttribute("aria-label", "Filter the claims");
    const levels = ["high", "moderate", "low", "very-low"].map((level) => [level, level.replace("-", " ")]);
    const designs = [...new Set(this.rows.map((row) => row.design))].sort().map((d) => [d, d.replaceAll("-", " ")]);
    form.append(
      this.list("certainty", "Certainty", levels),
      this.list("design", "Design", designs),
      this.field("text", "Words"),
    );
    this.count = document.createElement("p");
    this.count.className = "count";
    this.count.setAttribute("role", "status");
    form.append(this.count);
    form.addEventListener("input", () => this.filter());
    form.addEventListener("submit", (event) => event.preventDefault());
    return form;
  }

  list(name, words, options) {
    const select = document.createElement("select");
    select.append(new Option("any", ""), ...options.map(([value, shown]) => new Option(shown, value)));
    return this.labelled(select, name, words);
  }

  field(name, words) {
    const input = document.createElement("input");
    input.type = "search";
    return this.labelled(input, name, words);
  }

  labelled(control, name, words) {
    control.name = name;
    control.className = "field";
    const label = document.createElement("label");
    label.append(words, control);
    return label;
  }

  filter() {
    const { certainty, design, text } = Object.fromEntries(new FormData(this.form));
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of this.rows) {
      const fits =
        (!certainty || row.certainty === certainty) &&
        (!design || row.design === design) &&
        words.every((word) => row.text.includes(word));
      row.element.hidden = !fits;
      shown += Number(fits);
    }
    for (const topic of this.querySelectorAll(".topic")) {
      topic.hidden = !topic.querySelector(".claim-row:not([hidden])");
    }
    this.count.textContent = `${shown} of ${this.rows.length} claims`;
    this.keep({ certainty, design, text });
  }

  keep(asked) {
    const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value)).toString();
    history.replaceState(null, "", (query ? `?${query}` : location.pathname) + location.hash);
  }
}

customElements.define("backmice-evidence", BackmiceEvidence);
