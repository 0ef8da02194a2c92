# Every two words that follow each other in a text, the commonest first.
paste -d ' ' <(tr -cs A-Za-z '\n' < "${1:-examples/data/story.txt}" | tr A-Z a-z) <(tr -cs A-Za-z '\n' < "${1:-examples/data/story.txt}" | tr A-Z a-z | tail -n +2) | sort | uniq -c | sort -rn
