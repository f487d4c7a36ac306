"""The bank in the formats of other programs. `paper` says what is exported, `target` what each format can hold."""
