"""`make golden`: keep every page in every language and form as it is drawn now. Look at the diff before you commit."""

from tests.content.golden.lines import write

if __name__ == "__main__":
    write()
