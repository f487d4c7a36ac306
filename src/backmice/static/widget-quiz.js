// A quiz of a notebook: responses and what they were worth are traits.
//
// What a learner answers is kept in the log, as on any page. What Python set is a learner's own doing in a notebook
// that runs; on a page of the book nobody gave it, so it is shown and not kept.

import { COUNTED } from "./backmice-quiz.js";
import { inStep, place } from "./widget-host.js";

/** @param {{model: any, el: HTMLElement}} host */
async function render({ model, el }) {
  const { root, shown, end } = await place({ model, el });
  const quiz = /** @type {import("./backmice-quiz.js").BackmiceQuiz} */ (shown.querySelector("backmice-quiz"));
  const isRun = root instanceof ShadowRoot;
  const answer = async (/** @type {Record<string, string[]>} */ responses) => {
    for (const [item, response] of Object.entries(responses)) await (isRun ? quiz.answer(item, response) : quiz.show(item, response));
  };
  const step = inStep(model, { responses: answer });
  root.append(shown);
  await quiz.ready;
  await answer(model.get("responses"));
  const tell = () => {
    const { responses, scores } = quiz;
    step.tell({ responses, scores });
  };
  quiz.addEventListener(COUNTED, tell);
  tell();
  return () => (step.end(), end());
}

export default { render };
