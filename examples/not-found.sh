# Missing pages and how often each was wanted; a second file, if named, gets every request.
cat "${1:-examples/data/access.log}" | grep '" 404 ' | cut -d' ' -f7 | tee "${2:-/dev/null}" | sort | uniq -c | sort -rn
