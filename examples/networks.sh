# Requests by network, the hosts made anonymous.
sed -E 's/^([0-9]+\.[0-9]+\.[0-9]+)\.[0-9]+ .*/\1.x/' "${1:-examples/data/access.log}" | sort | uniq -c | sort -rn
