# Words of a text that the dictionary does not have.
cat "${1:-examples/data/story.txt}" | tr -cs A-Za-z '\n' | tr A-Z a-z | grep . | sort -u | comm -23 - examples/data/dictionary.txt
