"""Floor 0: a page is Markdown with front matter, in a language; a Document is what every renderer reads."""
