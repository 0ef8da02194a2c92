# Requests by address, busiest first
cut -d' ' -f1 access.log | sort | uniq -c | sort -rn | head

# The same, by awk
awk '{print $1}' access.log | sort | uniq -c | sort -nr | head -n 5

# The same, counted in awk
awk '{n[$1]++} END {for (k in n) print n[k], k}' access.log | sort -rn

# How many requests there were
wc -l < access.log

# How many addresses came
awk '{print $1}' access.log | sort -u | wc -l

# Requests by status
awk '{print $9}' access.log | sort | uniq -c | sort -rn

# Requests by method
awk -F'"' '{print $2}' access.log | cut -d' ' -f1 | sort | uniq -c

# The most wanted pages
awk '{print $7}' access.log | sort | uniq -c | sort -rn | head -n 10

# Pages that were not found
awk '$9 == 404 {print $7}' access.log | sort | uniq -c | sort -rn

# Server errors, last ones first
grep '" 50[0-9] ' access.log | tac | head -n 5

# Who gets server errors
grep -E '" 5[0-9]{2} ' access.log | cut -d' ' -f1 | sort | uniq -c | sort -rn

# Bytes sent in all
awk '{s += $10} END {print s}' access.log

# Bytes sent by address
awk '{b[$1] += $10} END {for (i in b) print b[i], i}' access.log | sort -rn | head -n 3

# The average size of an answer
awk '{s += $10; n++} END {print s / n}' access.log

# The largest answer
awk '{print $10}' access.log | sort -n | tail -n 1

# Requests by hour
cut -d[ -f2 access.log | cut -d: -f2 | sort | uniq -c

# Requests by minute, busiest first
awk '{print $4}' access.log | cut -d: -f2,3 | sort | uniq -c | sort -rn | head -n 3

# User agents
awk -F'"' '{print $6}' access.log | sort | uniq -c | sort -rn

# Robots
grep -ci bot access.log

# Referrers that are not ours
awk -F'"' '{print $4}' access.log | grep -v '^-$' | sort | uniq -c

# What one address did
grep '^10\.0\.0\.7 ' access.log | awk '{print $4, $7}' | tr -d '['

# Pages with parameters, without them
awk '{print $7}' access.log | sed 's/?.*//' | sort | uniq -c | sort -k1,1nr -k2

# Pages that both of two addresses saw
comm -12 <(grep '^10.0.0.1 ' access.log | awk '{print $7}' | sort -u) <(grep '^10.0.0.2 ' access.log | awk '{print $7}' | sort -u)

# Addresses by network
cut -d' ' -f1 access.log | cut -d. -f1-3 | sort | uniq -c

# Requests of users who are logged in
awk '$3 != "-" {print $3}' access.log | sort | uniq -c

# The share of errors in percent
awk '$9 >= 400 {e++} END {printf "%.1f\n", 100 * e / NR}' access.log

# All but images and robots
grep -vE '\.(png|jpg) |robots' access.log | wc -l

# The first and the last time
sed -n '1p;$p' access.log | cut -d[ -f2 | cut -d] -f1

# Lines between two times
sed -n '/14\/Mar\/2026:0[67]/,/14\/Mar\/2026:09/p' access.log

# Status by method
awk '{print substr($6, 2), $9}' access.log | sort | uniq -c

# An old log that is compressed
zcat old.log.gz | cut -d' ' -f9 | sort | uniq -c

# Old log and new log together
zcat -f old.log.gz access.log | awk '{print $1}' | sort | uniq -c | sort -rn | head -n 3

# What was new since the old log
gunzip -c old.log.gz | sort | comm -13 - <(sort access.log) | wc -l

# A tail that is filtered
tail -n 50 access.log | grep -v ' 200 ' | cut -d'"' -f2

# Failed logins by address
grep 'Failed password' auth.log | grep -oE '[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+' | sort | uniq -c | sort -rn

# Failed logins by user, unknown ones too
grep 'Failed password' auth.log | sed -E 's/.*for (invalid user )?([a-z]+) from.*/\2/' | sort | uniq -c | sort -rn

# Users that do not exist
grep -o 'invalid user [a-z]*' auth.log | awk '{print $3}' | sort -u

# Logins that succeeded
awk '/Accepted/ {print $9, $11}' auth.log | sort | uniq -c

# Messages by program
awk '{print $5}' auth.log | sed 's/\[.*//; s/:$//' | sort | uniq -c | sort -rn

# Messages by host and hour
awk '{split($3, t, ":"); print $4, t[1]}' auth.log | sort | uniq -c

# What sudo ran
sed -n 's/.*COMMAND=//p' auth.log | sort | uniq -c

# Addresses that failed and never came in
comm -23 <(grep Failed auth.log | grep -oE '([0-9]+\.){3}[0-9]+' | sort -u) <(grep Accepted auth.log | grep -oE '([0-9]+\.){3}[0-9]+' | sort -u)

# Addresses that tried more than twice
grep Failed auth.log | awk '{print $(NF-3)}' | sort | uniq -c | awk '$1 > 2 {print $2}'

# Without time and host
cut -d' ' -f5- auth.log | sort | uniq -c | sort -rn | head -n 4

# Kernel messages, numbered
grep kernel auth.log | nl

# Levels of an application's log
awk '{print $2}' app.log | grep -E '^[A-Z]+$' | sort | uniq -c

# Errors, each once
grep ' ERROR ' app.log | cut -d' ' -f4- | sort | uniq -c | sort -rn

# Errors with what comes after them
grep -A 2 NullPointer app.log

# Errors by component
grep -E 'ERROR|WARN' app.log | grep -oP '\[\K[^]]+' | sort | uniq -c | sort -rn

# The slowest requests
grep -oE 'took [0-9]+ms' app.log | tr -dc '0-9\n' | sort -rn | head -n 5

# The median of the times
grep -oE 'took [0-9]+' app.log | awk '{print $2}' | sort -n | awk '{a[NR] = $1} END {print a[int((NR + 1) / 2)]}'

# The 95th percentile
sed -n 's/.*took \([0-9]*\)ms/\1/p' app.log | sort -n | awk '{v[NR] = $1} END {print v[int(NR * 0.95)]}'

# Keys that were missed
grep -o 'key=user:[0-9]*' app.log | cut -d: -f2 | sort -n | uniq -c

# Java frames joined to their line
sed -e ':a' -e 'N' -e '$!ba' -e 's/\n\tat / at /g' app.log | grep Null

# Messages by minute
cut -c1-16 app.log | grep ^2026 | uniq -c

# Without debug messages, in colours of one's own
grep -v DEBUG app.log | sed 's/ERROR/** & **/' | tail -n 20

# Which files speak of timeouts
grep -l timeout app.log auth.log access.log

# Events by type
jq -r .type events.jsonl | sort | uniq -c | sort -rn

# Events by user and type
jq -r '[.user, .type] | @tsv' events.jsonl | sort | uniq -c

# Slow events
jq -c 'select(.ms > 700) | {user, ms}' events.jsonl | head -n 5

# The same without jq
grep -o '"type":"[a-z]*"' events.jsonl | cut -d'"' -f4 | sort | uniq -c

# Tags
jq -r '.tags[]?' events.jsonl | sort | uniq -c
