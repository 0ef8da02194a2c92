# Accounts
cut -d: -f1 passwd | sort

# Accounts that can log in
grep -vE 'nologin|/sync' passwd | cut -d: -f1,7

# Shells
cut -d: -f7 passwd | sort | uniq -c | sort -rn

# Accounts of people
awk -F: '$3 >= 1000 && $3 < 60000 {print $1}' passwd

# By number
sort -t: -k3,3n passwd | cut -d: -f1,3 | tr ':' '\t'

# The next free number
cut -d: -f3 passwd | sort -n | awk '$1 < 60000' | tail -n 1 | xargs -I{} expr {} + 1

# Numbers given twice
cut -d: -f4 passwd | sort | uniq -d

# Accounts with their groups' names
join -t: -1 4 -2 3 -o 1.1,2.1 <(sort -t: -k4,4 passwd) <(sort -t: -k3,3 group)

# Members of a group
grep '^sudo:' group | cut -d: -f4 | tr ',' '\n'

# Groups by members
awk -F: '{print split($4, m, ","), $1}' group | sort -rn | head -n 3

# Accounts without a name
awk -F: '$5 == "" {print $1 " has no name"}' passwd

# Homes that are not in /home
grep -v ':/home/' passwd | awk -F: '{print $6}' | sort -u

# What eats memory
sort -k4,4nr ps.txt | head -n 5

# What eats memory, header left out
sed 1d ps.txt | sort -rnk 4 | awk '{print $2, $4, $11}' | head -n 5

# Memory by user
awk 'NR > 1 {m[$1] += $6} END {for (u in m) print u, m[u]}' ps.txt | sort -k2,2nr

# Processes by user
awk '{print $1}' ps.txt | sed 1d | sort | uniq -c | sort -rn

# Processes by state
tail -n +2 ps.txt | awk '{print substr($8, 1, 1)}' | sort | uniq -c

# Zombies
awk '$8 ~ /Z/ {print $2}' ps.txt | sort -n | xargs echo

# The usual ps and grep
cat ps.txt | grep nginx | grep -v grep | awk '{print $2}' | xargs

# Its processes, for kill
grep '[j]ava' ps.txt | awk '{print $2}' | sort -n | paste -sd' '

# Commands without arguments
awk 'NR > 1 {print $11}' ps.txt | sort | uniq -c | sort -k1,1nr -k2

# CPU in all
awk 'NR > 1 {s += $3} END {printf "%.1f%%\n", s}' ps.txt

# Full disks
awk 'NR > 1 && $5 + 0 > 80 {print $6, $5}' df.txt

# Full disks, by sed and sort
sed 1d df.txt | awk '{print $5, $6}' | tr -d % | sort -rn | head -n 3

# Space in gigabytes
awk 'NR > 1 {printf "%s %.1f\n", $1, $2 / 1048576}' df.txt

# Disks alone
grep '^/dev/sd' df.txt | sort -k2,2nr

# The largest directories
sort -rh du.txt | head -n 5

# By the first directory
cut -f2 du.txt | cut -d/ -f2 | sort | uniq -c

# The largest files
tail -n +2 ls.txt | sort -k5,5nr | head -n 3

# The same from an ls without its total
grep -v ^total ls.txt | awk '{print $5, $9}' | sort -rn | head -n 3

# Bytes by owner
awk 'NR > 1 {b[$3] += $5} END {for (o in b) print o, b[o]}' ls.txt | sort

# Directories
grep '^d' ls.txt | wc -l

# Files by ending
sed 1d ls.txt | awk '{print $NF}' | grep -o '\.[a-z]*$' | sort | uniq -c | sort -rn

# Files of March
grep ' Mar ' ls.txt | awk '{s += $5} END {print s}'

# Modes
sed 1d ls.txt | cut -c1-10 | sort | uniq -c

# Connections by state
awk 'NR > 2 {print $6}' netstat.txt | sort | uniq -c | sort -rn

# Connections by peer
grep ESTABLISHED netstat.txt | awk '{print $5}' | cut -d: -f1 | sort | uniq -c | sort -rn | head -n 5

# Ports
awk '/^tcp/ {print $4}' netstat.txt | awk -F: '{print $NF}' | sort -n | uniq -c

# Ports that listen
grep LISTEN netstat.txt | awk '{print $4}' | sed 's/.*://' | sort -nu

# Peers that sent nothing
awk '$3 == 0 && /^tcp/ {print $5}' netstat.txt | sort -t. -k1,1n -k2,2n -k3,3n -k4,4n

# Hosts without comments
sed 's/#.*//; /^[[:space:]]*$/d' hosts

# Names by address
awk '!/^#/ && NF {for (i = 2; i <= NF && $i !~ /^#/; i++) print $i, $1}' hosts | sort

# Addresses of IPv6
grep -E '^[0-9a-f]*::' hosts | awk '{print $1}'

# Addresses sorted as numbers
grep -oE '^([0-9]{1,3}\.){3}[0-9]{1,3}' hosts | sort -t . -k 1,1n -k 2,2n -k 3,3n -k 4,4n

# What differs between two settings
diff <(sort app.ini) <(sed 's/6379/6380/' app.ini | sort)

# Are they the same
cmp <(sort hosts) <(sort -r hosts | sort)

# Checksums of files
sha1sum docs/page1.txt docs/page2.txt | awk '{print $1}'

# Files that are the same
md5sum docs/*.txt psalm.txt | sort | uniq -w 32 -d

# Files of a directory by name
ls docs | sort -r

# Files of a directory, found
find docs -name '*.txt' | sort

# Lines of all of them
find docs -type f -name 'page*' | sort | xargs wc -l

# Lines of all of them, summed
cat docs/*.txt | wc -l

# Which of them have a word
find docs -type f | sort | xargs grep -l darkness

# Which of them have a word, NUL between names
find docs -type f -print0 | sort -z | xargs -0 grep -c light

# The first line of each
head -qn 1 docs/*.txt

# Names without their endings
ls docs | sed 's/\.txt$//' | tr '\n' ' '

# New names for old
ls docs | sed -E 's/(page)([0-9])\.txt/mv & \1-\2.txt/'

# Commits by author
cut -d'|' -f2 commits.txt | sort | uniq -c | sort -rn

# Commits by day
cut -d'|' -f3 commits.txt | uniq -c | sort -k1,1nr -k2 | head -n 3

# Commits by weekday of the month, roughly
awk -F'|' '{print substr($3, 9)}' commits.txt | sort | uniq -c | head -n 4

# Fixes
grep -ciE '\|fix' commits.txt

# The verbs of messages
cut -d'|' -f4 commits.txt | awk '{print tolower($1)}' | tr -d ':' | sort | uniq -c | sort -k1,1nr -k2

# Issues that are named
grep -oE '#[0-9]+' commits.txt | sort -u

# Messages by author, one line each
awk -F'|' '{m[$2] = m[$2] "; " $4} END {for (a in m) print a m[a]}' commits.txt | sort | cut -c1-60

# A changelog
tac commits.txt | grep -v Merge | awk -F'|' '{print "- " $4 " (" $1 ")"}' | head -n 5

# Variables of a template
grep -ohE '\$\{?[A-Za-z_]+' <<'end' | tr -d '${' | sort -u
Dear $NAME,
your ${ITEM} of $DATE
end

# A password's hash
printf '%s' secret | sha256sum | cut -d' ' -f1

# Base64
head -c 57 passwd | base64

# Bytes in hexadecimal
head -c 16 people.csv | xxd -p

# Random, yet the same each time
seq 100 | shuf --random-source=passwd | head -n 3

# Numbers of hosts
seq -f 'host%02g' 1 12 | paste -sd,

# Ping commands
printf '10.0.0.%s\n' {1..4} | sed 's/^/ping -c 1 /'

# Days of a week
echo {mon,tues,wednes}day | tr ' ' '\n' | nl

# Kilobytes of five files
cat access.log auth.log app.log sales.csv book.txt | wc -c | awk '{print int($1 / 1024)}'

# The answer to everything
echo $((6 * 7)) | sed 's/$/!/'

# The tenth of the lines of a file
head -n $(($(wc -l < access.log) / 10)) access.log | cut -d' ' -f1 | sort -u
