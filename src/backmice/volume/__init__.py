"""The whole course as one file: a PDF for paper, an EPUB for readers. Both are made from the pages of the built book."""
