# 1.0: extract the last name
cat authors.txt | cut -d ' ' -f 2

# 1.1: names sorted
cat authors.txt | cut -d '(' -f 1 | sort

# 1.2: names, shortest first
cat authors.txt | cut -f 1 | cut -d ' ' -f 1 | awk '{print length, $0}' | sort -n | head -n 1

# 1.3: sort the last names
cat authors.txt | cut -d ' ' -f 2 | sort

# 2.1: all Unix utilities
cat authors.txt | cut -f 2 | awk '{print tolower($1)}'

# 3.1: the first letters of last names
cat authors.txt | cut -d ' ' -f 2 | cut -c 1-1 | tr -d '\n'

# 4.1: number of rounds
cat games.pgn | tr ' ' '\n' | grep '\.' | wc -l

# 4.2: pieces captured
cat games.pgn | tr ' ' '\n' | grep 'x' | grep '\.' | wc -l

# 4.3: pieces captured by a pawn
cat games.pgn | tr ' ' '\n' | grep 'x' | grep '\.' | cut -d '.' -f 2 | grep '[KQRBN]' | wc -l

# 4.4: a histogram of what captures
cat games.pgn | tr ' ' '\n' | grep 'x' | grep -v '\[' | sed 's/x.*//' | grep '[KQRBN]' | cut -c 1-1 | sort | uniq -c | sort -nr

# 4.5: pieces and pawns
cat games.pgn | tr ' ' '\n' | grep 'x' | grep -v '[]["]' | awk '{print substr($0, 1, 1)}' | tr '[a-z]' 'P' | sort | uniq -c | sort -nr

# 4.6: pieces captured by white, total
cat games.pgn | tr ' ' '\n' | grep x | grep -v '[]["]' | cut -d 'x' -f 2 | cut -c 1-2 | sort | uniq -c | sort -rn | head -n 3

# 5.1: the last word of each line
cat unix.txt | rev | cut -d ' ' -f 1 | rev

# 6.1: order the years
cat unix.txt | awk '{print $2, $0}' | sort -k 2,2n | cut -d ' ' -f 2-

# 7.1: the years of AT&T
cat unix.txt | cut -d ':' -f 1,2 | grep 'AT&T' | wc -l

# 7.2: the decade with most events
cat unix.txt | cut -c 3-3 | sort -n | uniq -c | sort -nr | head -n 1 | tr -s ' ' '\n' | tail -n 1

# 7.3: the same as years
cat unix.txt | cut -d ':' -f 1 | sed 's/.$/0s/' | sort -n | uniq -c | sort -nr | head -n 1 | awk '{print $2}'

# 8.1: count the Unix birthplaces
cat unix.txt | grep 'Bell' | awk 'length <= 95' | grep -o 'Bell[a-zA-Z ]*' | wc -l

# 8.2: names in quotes
cat unix.txt | grep '"' | cut -d '"' -f 2

# 8.3: who did it, without the text in brackets
cat unix.txt | grep '(' | cut -d '(' -f 2 | cut -d ')' -f 1 | head -n 1

# 8.4: the longest words without hyphens
cat book.txt | tr -c '[a-z][A-Z]' '\n' | sort | awk 'length >= 12'

# 8.5: words of 10 letters, sorted by their first
cat book.txt | tr ' ' '\n' | grep -E '^[a-z]{10}$' | sort -u | head -n 3

# 9.1: extract the word PORT
cat unix.txt | tr ' ' '\n' | grep '[A-Z]' | tr '[a-z]' '\n' | grep '[A-Z]' | tr -d '\n' | cut -c 1-4

# 9.2: the word of capitals
cat authors.txt | cut -f 2 | tr -d '[a-z0-9 \n]'

# 9.3: the animal that used to decorate
cat unix.txt | cut -c 1-2 | tr -d '\n'

# 9.4: four corners
cat unix.txt | sed 1d | grep '"' | sed 's/"/ /g' | awk '{print $NF}'

# 9.5: backwards
cat psalm.txt | rev | cut -c 1-2 | sed 's/\.//' | tr -d '\n'

# 9.6: first letters of words
cat psalm.txt | tr ' ' '\n' | grep '[A-Z]' | sed 1d | sed 3d | sed 3q | tr '[a-z]' '\n' | grep '[A-Z]' | sed 3d | tr -c '[A-Z]' '\n' | tr -d '\n'

# 9.7: the first letters, sorted by the last
cat authors.txt | sed 2d | sed 2q | tr ' ' '\n' | tr -c '[A-Z]' '\n' | grep '[A-Z]' | tr -d '\n'

# 9.8: three columns out of four
cat matrix.txt | sed 1d | awk '{print $1, $4}' | sort -n | sed 4q

# 9.9: four of them
cat games.pgn | grep -v '\[' | tr -c '[A-Z]' '\n' | grep '[A-Z]' | head -n 9 | tr -d '\n'

# 10.1: count the Turing awards
cat authors.txt | sed 's/ (/\t(/' | grep 'Turing' | cut -f 1

# 10.2: Turing award by year
cat authors.txt | grep 'Turing' | cut -d '(' -f 2 | cut -d ')' -f 1 | awk '{print $3}' | sort | uniq -c

# 10.3: the names of those before 1980
cat authors.txt | awk '$NF < 1980 {print $1 " " $2}' | sort | uniq

# 11.1: the year with most of them
cat authors.txt | grep -o '[0-9][0-9]*$' | sort | uniq -c | sort -nr | head -n 1 | awk '{print $2}'

# 11.2: the most frequent first name
cat authors.txt unix.txt | grep -oE 'Ken|Dennis|Brian|Doug' | sort | uniq -c | sort -nr | head -n 1 | fmt -w1 | sed 1d
