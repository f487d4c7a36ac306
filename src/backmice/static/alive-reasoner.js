// A vignette of a notebook, alive on a page of the book.

import { alive } from "./backmice-widget.js";
import widget from "./widget-reasoner.js";

alive("reasoner", widget.render);
