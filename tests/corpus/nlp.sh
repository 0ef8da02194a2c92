# 1.1: a syllable structure: words of letters sorted
cat book.txt | tr -cs A-Za-z '\n' | sort | uniq -c

# 2.1: merge upper and lower case
cat book.txt | tr '[a-z]' '[A-Z]' | tr -sc '[A-Z]' '[\012*]' | sort | uniq -c

# 2.2: count the sequences of vowels
cat book.txt | tr 'a-z' '[A-Z]' | tr -sc 'AEIOU' '[\012*]' | sort | uniq -c

# 2.3: sequences of consonants
cat book.txt | tr '[a-z]' '[A-Z]' | tr -sc 'BCDFGHJKLMNPQRSTVWXYZ' '[\012*]' | sort | uniq -c

# 3.1: sort the counts
cat book.txt | tr -sc '[A-Z][a-z]' '[\012*]' | sort | uniq -c | sort -nr

# 3.2: sort by folded case
cat book.txt | tr -sc '[A-Z][a-z]' '[\012*]' | sort | uniq -c | sort -f -k2

# 3.3: sort by rhyme
cat book.txt | tr -sc '[A-Z][a-z]' '[\012*]' | sort | uniq -c | rev | sort | rev

# 4.1: bi-grams
tr -sc '[A-Z][a-z]' '[\012*]' < book.txt | paste - <(tr -sc '[A-Z][a-z]' '[\012*]' < book.txt | tail -n +2) | sort | uniq -c

# 4.2: the most frequent bi-grams
paste <(tr -sc '[A-Z][a-z]' '[\012*]' < book.txt) <(tr -sc '[A-Z][a-z]' '[\012*]' < book.txt | tail -n +2) | sort | uniq -c | sort -nr | sed 5q

# 4.3: tri-grams
paste <(tr -sc '[A-Z][a-z]' '[\012*]' < book.txt) <(tr -sc '[A-Z][a-z]' '[\012*]' < book.txt | tail -n +2) <(tr -sc '[A-Z][a-z]' '[\012*]' < book.txt | tail -n +3) | sort | uniq -c | sort -nr | head -n 5

# 4.3b: tri-grams of light
tr -sc '[A-Z][a-z]' '[\012*]' < psalm.txt | awk '{print a, b, $0; a = b; b = $0}' | grep 'the light' | sort | uniq -c

# 5.1: words that end in -ly
cat book.txt | tr -sc '[A-Z][a-z]' '[\012*]' | grep 'ly$' | sort | uniq -c

# 5.2: words with a capital
tr -sc '[A-Z][a-z]' '[\012*]' < book.txt | grep '^[A-Z]' | sort | uniq -c | sort -rn

# 6.1: trigrams of one verse
grep 'light' psalm.txt | tr -sc '[A-Z][a-z]' '[\012*]' | sort | uniq -c

# 6.1.1: words of four letters
tr -sc '[A-Z][a-z]' '[\012*]' < book.txt | grep -c '^....$'

# 6.2: words of four letters, each once
tr -sc '[A-Z][a-z]' '[\012*]' < book.txt | sort -u | grep -c '^....$'

# 6.3: words of one syllable
tr -sc '[A-Z][a-z]' '[\012*]' < book.txt | grep -i '^[^aeiou]*[aeiou][^aeiou]*$' | sort | uniq -c | sed 5q

# 6.4: words of two syllables
tr -sc '[A-Z][a-z]' '[\012*]' < book.txt | grep -i '^[^aeiou]*[aeiou][^aeiou]*[aeiou][^aeiou]*$' | sort | uniq -c | sed 5q

# 6.5: verses with two or more of a word
grep -c 'light.*light' psalm.txt

# 6.7: verses with two, and not three
grep 'light.*light' psalm.txt | grep -vc 'light.*light.*light'

# 7.1: words by vowels
cat book.txt | tr -sc '[A-Z][a-z]' '[\012*]' | awk '{w = $0; print gsub(/[aeiouAEIOU]/, ""), w}' | sort -u | sort -k1,1nr -k2 | head -n 4

# 7.2: count vowels of words
tr -sc '[A-Z][a-z]' '[\012*]' < book.txt | tr -sc 'AEIOUaeiou\n' ' ' | sort | uniq -c | sort -rn | head -n 5

# 8.1: words without vowels
tr -sc '[A-Z][a-z]' '[\012*]' < book.txt | grep -vi '[aeiou]' | sort | uniq -c

# 8.2: a histogram of word lengths
tr -sc '[A-Z][a-z]' '[\012*]' < book.txt | awk '{print length($0)}' | sort -n | uniq -c

# 8.3: words of more than ten letters
tr -sc '[A-Z][a-z]' '[\012*]' < book.txt | awk 'length($0) > 10' | sort -u | tr '\n' ' '

# 8.4: words that only one text has
comm -13 <(tr -sc '[A-Z][a-z]' '[\012*]' < book.txt | tr A-Z a-z | sort -u) <(tr -sc '[A-Z][a-z]' '[\012*]' < psalm.txt | tr A-Z a-z | sort -u)

# 8.5: words of both
tr -sc a-z '\n' < psalm.txt | sort -u | join - <(tr -sc a-z '\n' < book.txt | sort -u)

# stop words removed
tr -cs A-Za-z '\n' < book.txt | tr A-Z a-z | grep -vwf stopwords.txt | sort | uniq -c | sort -rn | head -n 8

# the richness of a vocabulary
tr -cs A-Za-z '\n' < book.txt | tr A-Z a-z | awk '!n[$0]++ {u++} END {print u, NR, u / NR}'

# words that appear once
tr -cs A-Za-z '\n' < book.txt | tr A-Z a-z | sort | uniq -c | awk '$1 == 1' | wc -l

# letters in pairs
grep -o '[a-z][a-z]' book.txt | sort | uniq -c | sort -k1,1nr -k2 | head -n 5
