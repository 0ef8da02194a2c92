# The five largest sales, largest first, equal ones by date.
tail -n +2 "${1:-examples/data/sales.csv}" | sort -t, -k6,6nr -k1,1 | head -n 5
