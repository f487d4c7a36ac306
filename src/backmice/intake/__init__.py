"""Questions of other programs as items of ours. `question` says what is taken in, `write` what an author gets."""
