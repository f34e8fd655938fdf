"""A newsletter's quiz, and the lesson that goes with it, on the web: readable without JavaScript, and nothing is kept."""
