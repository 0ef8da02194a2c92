# Doug McIlroy's answer to Knuth
tr -cs A-Za-z '\n' < book.txt | tr A-Z a-z | sort | uniq -c | sort -rn | sed 10q

# A spelling checker
cat book.txt | tr A-Z a-z | tr -cs a-z '\n' | sort -u | comm -23 - dict.txt

# Anagrams
tr -cs a-z '\n' < book.txt | sort -u | awk '{n = split($0, c, ""); s = ""; for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (c[j] < c[i]) {t = c[i]; c[i] = c[j]; c[j] = t} for (i = 1; i <= n; i++) s = s c[i]; print s, $0}' | sort | awk '$1 == p {print q, $2} {p = $1; q = $2}'

# A rhyming dictionary
rev dict.txt | sort | rev | tail -n 10

# The hundredth word
tr -s '[:space:]' '\n' < book.txt | sed -n 100p

# A concordance in brief
tr -cs A-Za-z '\n' < psalm.txt | nl -ba -w1 -s' ' | sort -f -k2,2 | awk '{w[$2] = w[$2] " " $1} END {for (k in w) print k w[k]}' | sort | head -n 5

# Bi-grams by paste
tr -cs A-Za-z '\n' < book.txt | paste - <(tr -cs A-Za-z '\n' < book.txt | tail -n +2) | sort | uniq -c | sort -rn | head -n 5

# Bi-grams by awk
tr -cs A-Za-z '\n' < book.txt | awk 'p {print p, $0} {p = $0}' | sort | uniq -c | sort -rn | head -n 5

# Lines in random order by decoration
awk 'BEGIN {srand(3)} {print int(1000 * ((NR * 7919) % 31)) "\t" $0}' fruit.txt | sort -n | cut -f2- | head -n 4

# Decorate, sort, undecorate: by the length of lines
awk '{print length($0) "\t" $0}' book.txt | sort -s -n | cut -f2- | tail -n 3

# wc -l by sed
sed -n '$=' book.txt

# cat -n by sed
sed = psalm.txt | sed 'N;s/\n/\t/'

# tac by sed
sed -n '1!G;h;$p' psalm.txt

# rev by sed
sed '/\n/!G;s/\(.\)\(.*\n\)/&\2\1/;//D;s/.//' psalm.txt

# uniq by sed
sort fruit.txt | sed '$!N;/^\(.*\)\n\1$/!P;D'

# tail by sed
sed -e ':a' -e '$q;N;4,$D;ba' psalm.txt

# paste by sed
sed '$!N;s/\n/ /' fruit.txt

# Continuation lines joined
printf 'one \\\ntwo\nthree\n' | sed -e ':a' -e '/\\$/N; s/\\\n//; ta'

# Commas in thousands
echo 1234567890 | sed -e ':a' -e 's/\(.*[0-9]\)\([0-9]\{3\}\)/\1,\2/;ta'

# Paragraphs with a word
awk -v RS= '/Alice/' book.txt

# Paragraphs, counted
awk -v RS= 'END {print NR}' book.txt

# grep -c by awk
awk '/light/ {n++} END {print n + 0}' psalm.txt

# Fields backwards
awk '{for (i = NF; i > 0; i--) printf "%s ", $i; print ""}' psalm.txt

# Words by awk alone
awk '{for (i = 1; i <= NF; i++) n[tolower($i)]++} END {for (w in n) if (n[w] > 4) print n[w], w}' book.txt | sort -rn

# Lines longer than 70
awk 'length > 70' book.txt | wc -l

# The last field of the last line
awk 'END {print $NF}' psalm.txt

# Fields in all
awk '{n += NF} END {print n}' book.txt

# Lines that have a field
awk 'NF' book.txt | wc -l

# Join lines that end in a comma
awk '{printf "%s%s", $0, /,$/ ? " " : "\n"}' book.txt | wc -l

# Fibonacci
seq 10 | awk 'BEGIN {a = 0; b = 1} {print a; t = a + b; a = b; b = t}'

# Primes up to 60
seq 60 | factor | awk 'NF == 2 {print $2}' | paste -sd' '

# Sum of 1 to 1000
seq -s+ 1000 | bc

# Sum of the digits of a power
echo '2^1000' | bc | tr -d '\\\n' | fold -w1 | awk '{s += $1} END {print s}'

# FizzBuzz
seq 30 | sed '0~3s/$/Fizz/;0~5s/$/Buzz/;s/^[0-9]*\([FB]\)/\1/'

# FizzBuzz by awk
seq 30 | awk '{print $1 % 15 ? $1 % 5 ? $1 % 3 ? $1 : "Fizz" : "Buzz" : "FizzBuzz"}'

# Multiplication
seq 9 | sed 'H;g' | awk -v RS= '{for (i = 1; i <= NF; i++) printf "%dx%d=%d%s", i, NR, i * NR, i == NR ? "\n" : "\t"}'

# A topological sort
printf 'shirt tie\ntie jacket\ntrousers shoes\ntrousers belt\nbelt jacket\n' | tsort

# A line of dashes
yes -- - | head -n 40 | tr -d '\n'

# Ten times the same
yes 'I must not talk' | head -n 10 | nl | tail -n 2

# ASCII
seq 65 90 | awk '{printf "%c", $1}'

# Roots
seq 5 | xargs -n1 -I{} echo 'sqrt({})' | bc -l | cut -c1-6

# Intersection
sort -u left.txt | cat - <(sort -u left.txt) | sort | uniq -d | wc -l

# Difference of two sets
sort dict.txt stopwords.txt stopwords.txt | uniq -u | head -n 5

# Union
cat dict.txt stopwords.txt | sort -u | wc -l

# Symmetric difference
sort -u dict.txt <(sort -u stopwords.txt) | wc -l

# Is one a subset of the other
comm -23 stopwords.txt dict.txt | wc -l

# A cartesian product
join -j 2 <(printf '%s\n' a b) <(printf '%s\n' x y)

# A matrix turned
awk '{for (i = 1; i <= NF; i++) m[i, NR] = $i} END {for (i = 1; i <= NF; i++) {for (j = 1; j <= NR; j++) printf "%s ", m[i, j]; print ""}}' matrix.txt

# Diagonal
awk '{print $NR}' matrix.txt | head -n 5

# What stands in the first but not in the second, in its order
grep -vxFf stopwords.txt dict.txt | head -n 5

# The first line that matches
grep -m 1 Alice book.txt

# Is it there at all
grep -q Rabbit book.txt

# It is not
grep Gandalf book.txt

# A file that is not there
cat nowhere.txt book.txt | wc -l

# Strings in what is not text
strings -n 6 old.log.gz | sort | head -n 3

# Lines of a compressed file
gzip -dc old.log.gz | wc -l

# Round trip
gzip -c psalm.txt | zcat | cmp - psalm.txt

# Nothing
cat /dev/null | sort | uniq -c

# A sample
shuf --random-source=book.txt -n 5 dict.txt | sort

# Numbers between words
paste -d'\n' stopwords.txt <(seq 15) | head -n 6

# Acronyms
grep -oE '\b[A-Z]{2,}\b' unix.txt | sort | uniq -c | sort -rn
