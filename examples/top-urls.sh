# The ten addresses of a web log asked for most often.
cat "${1:-examples/data/access.log}" | cut -d' ' -f7 | sort | uniq -c | sort -rn | head -n 10
