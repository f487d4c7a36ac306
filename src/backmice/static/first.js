// A classic script that the page waits for: the chosen theme is on before anything is drawn, and rows that the address
// filters wait for the script that does so.
document.documentElement.classList.toggle("is-asked", location.search !== "");
try {
  const theme = localStorage.getItem("theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // Storage refused: the system's theme.
}
