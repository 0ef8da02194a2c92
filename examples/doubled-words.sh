# Lines of a text in which a word of four letters or more comes twice.
tr A-Z a-z < "${1:-examples/data/story.txt}" | grep -nE '(^|[^a-z])([a-z]{4,})[^a-z](.*[^a-z])?\2([^a-z]|$)'
