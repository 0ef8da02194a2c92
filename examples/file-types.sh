# The kinds of file that were asked for, by their endings.
cut -d' ' -f7 "${1:-examples/data/access.log}" | grep '[.]' | rev | cut -d. -f1 | rev | sort | uniq -c | sort -rn
