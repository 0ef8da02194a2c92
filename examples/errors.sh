# How often each kind of server error occurs in a web log, by status and method.
cat "${1:-examples/data/access.log}" | grep -E '" 5[0-9][0-9] ' | awk '{print $9, $6}' | tr -d '"' | sort | uniq -c
