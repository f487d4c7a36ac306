"""Flashcards for Anki: `notes` says what is asked, `looks` how cards look, `package` writes the file."""
