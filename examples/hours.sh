# Requests in each hour of the day.
sed -E 's/^[^[]*\[[^:]*:([0-9]{2}).*/\1/' "${1:-examples/data/access.log}" | sort | uniq -c
