"""How findings move probabilities: the arithmetic, and the vignettes to practise it on."""
