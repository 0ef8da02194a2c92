# Lines, words and bytes
wc book.txt

# Words alone
cat book.txt | wc -w

# Characters, accents as one
wc -m < book.txt

# The longest line
awk '{print length($0)}' book.txt | sort -n | tail -n 1

# The same by wc
wc -L book.txt

# The longest lines themselves
awk '{print length, $0}' book.txt | sort -rn | head -n 3 | cut -d' ' -f2-

# The longest words
tr -cs '[:alpha:]' '\n' < book.txt | awk '{print length, $0}' | sort -k1,1nr -k2 | uniq | head -n 5

# Lines by their length
awk '{n[length($0)]++} END {for (l in n) print l, n[l]}' book.txt | sort -n

# Without empty lines
grep -v '^$' book.txt | wc -l

# Without empty lines, by sed
sed '/^[[:space:]]*$/d' todo.md

# Empty lines squeezed
cat -s book.txt | head -n 12

# Trailing blanks removed
sed 's/[ \t]*$//' app.ini

# Leading blanks removed
sed 's/^[ \t]*//' main.c

# Both
awk '{gsub(/^ +| +$/, ""); print}' app.ini

# Blanks squeezed
tr -s ' ' < df.txt | cut -d' ' -f1,5

# In capitals
tr a-z A-Z < psalm.txt

# In capitals, accents too, by the locale
tr '[:lower:]' '[:upper:]' < people.csv | head -n 3

# Each word's first letter in capitals
sed 's/\b\(.\)/\u\1/g' psalm.txt

# Numbered lines
nl psalm.txt

# Numbered, empty ones too
cat -n book.txt | sed -n 5,9p

# Numbered by awk
awk '{printf "%3d  %s\n", NR, $0}' psalm.txt

# Upside down
tac psalm.txt

# Each line backwards
rev psalm.txt

# Palindromes
tr -cs A-Za-z '\n' < book.txt | tr A-Z a-z | sort -u | awk 'length > 2 {r = ""; for (i = length; i; i--) r = r substr($0, i, 1); if (r == $0) print}'

# Each line once, order kept
awk '!seen[$0]++' fruit.txt

# Each line once, sorted
sort -u fruit.txt

# Lines that appear once only
sort fruit.txt | uniq -u

# Lines that repeat, without regard to case
sort -f fruit.txt | uniq -ci

# The same in lower case first
tr A-Z a-z < fruit.txt | sort | uniq -c | sort -rn

# Two lines on one
paste -d' ' - - < fruit.txt

# Three columns
pr -3 -t -l 14 fruit.txt

# All on one line
paste -s -d, fruit.txt

# All on one line, by tr
tr '\n' ' ' < fruit.txt

# One word a line
tr -s '[:space:]' '\n' < fruit.txt

# One word a line, by xargs
xargs -n 1 < psalm.txt | head -n 8

# One word a line, by grep
grep -oE '\w+' psalm.txt | sort | uniq -c | sort -rn | head -n 6

# Folded
fold -s -w 40 psalm.txt

# Formatted
fmt -w 50 book.txt | head -n 10

# The first sentence of each line
cut -d. -f1 psalm.txt

# The last word of each line
awk '{print $NF}' psalm.txt | tr -d '.,' | sort | uniq -c

# The second word of each line
cut -d' ' -f2 psalm.txt | sort -u

# A middle part
sed -n '5,10p' book.txt

# The same by head and tail
head -n 10 book.txt | tail -n 6

# From a heading to the next
sed -n '/CHAPTER II\./,/CHAPTER III/p' book.txt | head -n -1

# All after a heading
awk 'f; /CHAPTER III/ {f = 1}' book.txt | head -n 4

# The last two lines
tail -n 2 book.txt

# All but the last
sed '$d' psalm.txt

# All but the first and the last
sed '1d;$d' psalm.txt

# Every second line
sed -n '1~2p' psalm.txt

# Every second line, by awk
awk 'NR % 2 == 0' psalm.txt

# Double spaced
sed G psalm.txt

# A line before each match
sed '/light/i --' psalm.txt

# Matches with their lines' numbers
grep -n light psalm.txt

# Matches with the lines around
grep -C 1 Alice book.txt

# How many lines match
grep -c -i god psalm.txt

# How many words match
grep -o -i god psalm.txt | wc -l

# Lines with two words in any order
grep light psalm.txt | grep God

# Lines with either
grep -E 'darkness|waters' psalm.txt

# Whole words only
grep -w way book.txt

# Words with a capital, but not at the start of a line
grep -oE ' [A-Z][a-z]+' book.txt | sort | uniq -c | sort -rn | head -n 5

# Doubled words
grep -nE '\b(\w+) \1\b' book.txt

# Years
grep -oE '\b1[89][0-9]{2}\b' book.txt

# Non-ASCII lines
grep -nP '[^\x00-\x7F]' book.txt

# Letters, counted
grep -o '[a-zA-Z]' book.txt | tr A-Z a-z | sort | uniq -c | sort -rn | head

# Letters by fold
tr -dc 'a-z' < psalm.txt | fold -w 1 | sort | uniq -c | sort -rn | head -n 5

# Vowels
tr -cd aeiou < book.txt | wc -c

# Punctuation alone
tr -cd '[:punct:]' < psalm.txt | fold -w1 | sort | uniq -c

# Letters that are not there
comm -13 <(tr -cs a-z '\n' < psalm.txt | grep -o . | sort -u) <(printf '%s\n' {a..z})

# ROT13
tr 'A-Za-z' 'N-ZA-Mn-za-m' < psalm.txt | head -n 2

# Quotes made plain
sed 's/[“”]/"/g' book.txt | tail -n 2

# Latin-1 and back
iconv -f UTF-8 -t ISO-8859-1//TRANSLIT people.csv | iconv -f ISO-8859-1 -t UTF-8 | head -n 4

# Without accents, roughly
sed 's/é/e/g; s/ü/ue/g; s/ö/oe/g' people.csv | cut -d, -f2 | sort -u | head -n 5

# Headings of Markdown
grep '^#' todo.md | sed 's/^#* //'

# What is still to be done
grep -c '^- \[ \]' todo.md

# Links of Markdown
grep -oE '\[[^]]+\]\([^)]+\)' todo.md | sed -E 's/\[(.*)\]\((.*)\)/\2 \1/'

# Tables of Markdown as CSV
grep '^|' todo.md | grep -v -- '---' | sed 's/^| *//; s/ *|$//; s/ *| */,/g'

# Code blocks
sed -n '/^```/,/^```/p' todo.md

# Without markup
sed 's/[*_`]//g' todo.md | head -n 5

# Links of a page
grep -oP 'href="\K[^"]+' page.html

# Links of a page, each host once
grep -o 'http[s]*://[^/"]*' page.html urls.txt | cut -d: -f2- | sort -u

# A page without its tags
sed 's/<[^>]*>//g' page.html | grep -v '^ *$'

# Images
grep -o '<img [^>]*>' page.html | sed 's/.*src="\([^"]*\)".*/\1/'

# List items
sed -n 's:.*<li>\(.*\)</li>.*:\1:p' page.html | sort

# Hosts of URLs
cut -d/ -f3 urls.txt | cut -d: -f1 | sort | uniq -c | sort -rn

# Hosts of URLs, by awk
awk -F/ '{print $3}' urls.txt | sort | uniq -c

# Schemes
cut -d: -f1 urls.txt | sort | uniq -c

# Parameters
grep -o '[?&][a-z]*=[^&]*' urls.txt | tr -d '?&' | sort | uniq -c

# Percent signs decoded a little
sed 's/%20/ /g' urls.txt | grep ' ' | sort -u

# Addresses of mail in any text
grep -ohE '[A-Za-z0-9._]+@[A-Za-z0-9.]+' people.csv page.html | sort -u

# Settings without comments
grep -vE '^\s*([#;]|$)' app.ini

# Keys and values
sed -n 's/^\([a-z]*\) *= *\(.*\)$/\1=\2/p' app.ini | sort

# One section
awk '/^\[/ {on = ($0 == "[database]")} on' app.ini

# A value
sed -n '/^\[server\]/,/^\[/{s/^port *= *//p}' app.ini

# Quotes put around
sed "s/.*/'&'/" fruit.txt | head -n 3

# A prefix from a variable's default
sed "s/^/${PREFIX:-> }/" psalm.txt | head -n 2

# Comments of C++ style
grep -o '//.*' main.c | sed 's,// *,,'

# Includes
grep -oP '#include\s+[<"]\K[^>"]+' main.c | sort

# Without comments of C
sed 's,//.*,,; /\/\*/,/\*\//d' main.c | cat -s

# Notes to oneself
grep -nE 'TODO|FIXME|XXX' main.c

# Identifiers, most used first
grep -oE '[A-Za-z_][A-Za-z_0-9]*' main.c | sort | uniq -c | sort -k1,1nr -k2 | head -n 8

# Functions
grep -E '^[a-z].*\(.*\)$' main.c

# Tabs to blanks
expand -t 4 main.c | head -n 14

# Lines too long
awk 'length > 60 {print FILENAME ":" FNR}' main.c book.txt | head -n 4

# Numbers sorted as numbers
sort -n numbers.txt | uniq | head -n 5

# Sum
paste -sd+ ints.txt | bc

# Sum by awk
awk '{s += $1} END {print s}' ints.txt

# Mean and count
awk '{s += $1} END {print NR, s / NR}' ints.txt

# Smallest and largest
sort -n ints.txt | sed -n '1p;$p' | paste -s -d' '

# The median
sort -n ints.txt | awk '{a[NR] = $1} END {print (NR % 2) ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2}'

# Deviation
awk '{s += $1; q += $1 * $1} END {printf "%.3f\n", sqrt(q / NR - (s / NR) ^ 2)}' ints.txt

# A histogram
awk '{b[int($1 / 50)]++} END {for (k in b) print k * 50, b[k]}' ints.txt | sort -n

# Stars
awk '{b[int($1 / 50)]++} END {for (k in b) {s = ""; for (i = 0; i < b[k]; i++) s = s "*"; print k * 50, s}}' ints.txt | sort -n

# Differences of neighbours
awk 'NR > 1 {print $1 - p} {p = $1}' ints.txt | head -n 5

# Differences of neighbours, by paste
paste <(head -n -1 ints.txt) <(tail -n +2 ints.txt) | awk '{print $2 - $1}' | sort -n | tail -n 3

# Outliers
sort -rn ints.txt | head -n 3 | tr '\n' ','

# In thousands
numfmt --to=si < ints.txt | sort -u | tail -n 3

# Even ones
grep -c '[02468]$' ints.txt

# Primes
factor < ints.txt | awk 'NF == 2 {print $2}' | sort -n | uniq | tail -n 3
