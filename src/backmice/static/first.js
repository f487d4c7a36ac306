// A classic script that the page waits for: the chosen theme is on before anything is drawn.
try {
  const theme = localStorage.getItem("theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // Storage refused: the system's theme.
}
