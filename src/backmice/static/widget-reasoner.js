// A vignette of a notebook: what was stated and how it scored are traits.

import { ReasonerView } from "./reasoner-view.js";
import { inStep, place, text } from "./widget-host.js";

/** @param {{model: any, el: HTMLElement}} host */
async function render({ model, el }) {
  const { root, shown, end } = await place({ model, el });
  const vignette = JSON.parse(await text(model, model.get("_files").vignette));
  const case_ = document.createElement("div");
  shown.prepend(case_);
  root.append(shown);
  // The view asks before it takes a statement over, so it is read a moment later.
  const later = () => setTimeout(() => step.tell({ beliefs: view.beliefs, score: view.score }));
  const view = new ReasonerView(case_, vignette, { submit: async () => (later(), null), again: later });
  const write = (/** @type {Record<string, number>[]} */ beliefs) => ((view.beliefs = beliefs), later());
  const step = inStep(model, { beliefs: write });
  write(model.get("beliefs"));
  return () => (step.end(), end());
}

export default { render };
