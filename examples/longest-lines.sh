# The three longest lines of a text, with their lengths.
awk '{print length($0) ": " $0}' "${1:-examples/data/story.txt}" | sort -rn | head -n 3
