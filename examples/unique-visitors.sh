# How many different addresses visited.
cut -d' ' -f1 "${1:-examples/data/access.log}" | sort -u | wc -l
