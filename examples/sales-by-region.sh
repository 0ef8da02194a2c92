# The sum of a CSV file's amounts for each region.
tail -n +2 "${1:-examples/data/sales.csv}" | awk -F, '{sum[$2] += $6} END {for (region in sum) print region, sum[region]}' | sort
