// A quiz in a notebook: responses and what they were worth are traits.

import { COUNTED } from "../static/backmice-quiz.js";
import { fragmentOf } from "../static/trusted.js";
import { inStep, place, text } from "./host.js";

/** @param {{model: any, el: HTMLElement}} host */
async function render({ model, el }) {
  const { root, end } = await place({ model, el });
  const shown = document.createElement("div");
  shown.append(fragmentOf(await text(model, model.get("_files").html))); // made by the book's own template, which escapes
  const quiz = /** @type {import("../static/backmice-quiz.js").BackmiceQuiz} */ (shown.querySelector("backmice-quiz"));
  const answer = async (/** @type {Record<string, string[]>} */ responses) => {
    for (const [item, response] of Object.entries(responses)) await quiz.answer(item, response);
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
