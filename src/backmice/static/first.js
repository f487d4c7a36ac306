// A classic script that the page waits for: the chosen theme is on before anything is drawn.
try {
  const theme = localStorage.getItem("theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // Storage refused: the system's theme.
}

// Its modules the page fetches once it has been shown: nothing that is read waits for them.
addEventListener("DOMContentLoaded", () => {
  const fetchModules = () => {
    const kept = document.getElementById("modules");
    if (kept instanceof HTMLTemplateElement) document.head.append(kept.content);
  };
  // A page in the background is not drawn.
  if (document.hidden) fetchModules();
  else requestAnimationFrame(() => setTimeout(fetchModules));
});
