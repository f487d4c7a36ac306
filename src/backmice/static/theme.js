// The theme button: light or dark, kept on this device, else as the system says. And the rules for paper, last of all.
import "./contents.js";
import { rulesForPaper } from "./paper.js";

const root = document.documentElement;
const button = document.getElementById("theme");

const isDark = () =>
  root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;

const show = () => button.setAttribute("aria-pressed", String(isDark()));

button.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  try {
    localStorage.setItem("theme", root.dataset.theme);
  } catch {
    // Storage refused: the choice holds for this page.
  }
  show();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
button.hidden = false;
show();
addEventListener("load", rulesForPaper);
