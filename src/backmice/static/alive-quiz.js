// A quiz of a notebook, alive on a page of the book.

import { alive } from "./backmice-widget.js";
import widget from "./widget-quiz.js";

alive("quiz", widget.render);
