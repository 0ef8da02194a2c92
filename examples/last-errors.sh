# The five latest server errors of a web log.
grep -E '" 5[0-9][0-9] ' "${1:-examples/data/access.log}" | tail -n 5
