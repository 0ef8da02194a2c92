# nfa-regex: backreferences
cat book.txt | tr A-Z a-z | grep '\(.\).*\1\(.\).*\2\(.\).*\3\(.\).*\4'

# sort
cat book.txt | sort

# wf: word frequencies
cat book.txt | tr -cs A-Za-z '\n' | tr A-Z a-z | sort | uniq -c | sort -rn

# top-n
cat book.txt | tr -cs A-Za-z '\n' | tr A-Z a-z | sort | uniq -c | sort -rn | sed 100q

# spell
cat book.txt | iconv -f utf-8 -t ascii//translit | col -bx | tr -cs A-Za-z '\n' | tr A-Z a-z | tr -d '[:punct:]' | sort | uniq | comm -23 - dict.txt

# bi-grams, by a shifted copy
cat book.txt | tr -c 'A-Za-z' '[\n*]' | grep -v '^\s*$' | tr A-Z a-z | paste - <(cat book.txt | tr -c 'A-Za-z' '[\n*]' | grep -v '^\s*$' | tr A-Z a-z | tail -n +2) | sort | uniq

# difference: lines of one that the other lacks
comm -23 <(cat book.txt | tr A-Z a-z | tr -d '[:punct:]' | sort) <(cat psalm.txt | tr A-Z a-z | tr -d '[:punct:]' | sort) | head

# set-diff: the same with other commands
diff <(cat book.txt | tr '[:lower:]' '[:upper:]' | sort) <(cat psalm.txt | tr '[:lower:]' '[:upper:]' | sort) | grep -c '^<'

# shortest-scripts: the shortest files by their lines
find docs -type f -name '*.txt' | sort | xargs -L 1 wc -l | grep -v '^0$' | sort -n | head -15

# sort-sort
cat book.txt | tr A-Z a-z | sort | sort -r

# diff of sorted copies
diff -B <(cat psalm.txt | tr '[:lower:]' '[:upper:]' | sort) <(cat psalm.txt | tr A-Z a-z | tr a-z A-Z | sort)

# minimal grep
cat book.txt | tr A-Z a-z | grep 'w.*t.*e'

# minimal sort
cat book.txt | tr A-Z a-z | sort -r | head -n 3

# uniq of lower-cased words
cat book.txt | tr A-Z a-z | tr -cs a-z '\n' | sort | uniq
