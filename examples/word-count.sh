# Every word of a text with how often it occurs, the commonest first.
cat "${1:-examples/data/story.txt}" | tr -cs A-Za-z '\n' | tr A-Z a-z | sort | uniq -c | sort -rn
