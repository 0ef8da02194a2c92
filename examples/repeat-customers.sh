# Customers who bought more than once, as "last name, first name".
tail -n +2 "${1:-examples/data/sales.csv}" | cut -d, -f3 | sort | uniq -d | sed -E 's/^([^ ]+) (.*)$/\2, \1/' | sort
