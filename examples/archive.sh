# Hits of one page in a compressed log.
zcat "${1:-examples/data/access.log.gz}" | grep -c 'GET /timetable.pdf'
