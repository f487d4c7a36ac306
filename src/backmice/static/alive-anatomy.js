// The anatomy figure of a notebook, alive on a page of the book.

import { alive } from "./backmice-widget.js";
import widget from "./widget-anatomy.js";

alive("anatomy", widget.render);
