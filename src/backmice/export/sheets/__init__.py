"""A quiz on paper. `version` shuffles, `sheet` says what stands on each sheet, `docx` and `pdf` write it."""
